# Usage: Rscript peers.R FOLDER DATASETS. The same lines as the program's, by mean, sd, acf, aov and lm.
arguments <- commandArgs(TRUE)
show <- function(set, statistic, value) cat(sprintf("R,%s,%s,%.17g\n", set, statistic, value), sep = "")
read <- function(name) {
  d <- read.csv(file.path(arguments[2], name, "data.csv"))
  split(d, factor(sub("NIST ", "", d$campaign), unique(sub("NIST ", "", d$campaign))))
}
for (d in (sets <- read("nist_numacc"))) {
  set <- sub("NIST ", "", d$campaign[1])
  show(set, "mean", mean(d$score)); show(set, "sd", sd(d$score))
  show(set, "lag1_autocorrelation", acf(d$score, lag.max = 1, plot = FALSE)$acf[2])
}
for (d in read("nist_anova")) {
  set <- sub("NIST ", "", d$campaign[1])
  s <- summary(aov(score ~ factor(rater), d))[[1]]
  show(set, "ss_between", s$Sum[1]); show(set, "ss_within", s$Sum[2]); show(set, "F", s$F[1])
  show(set, "r_squared", s$Sum[1] / sum(s$Sum)); show(set, "residual_sd", sqrt(s$Mean[2]))
}
# R has no reader of JSON of its own; table.py hands the regressions over as CSV on standard input: set, kind, degree, y, x1, x2, …
lines <- strsplit(readLines(file("stdin")), ",")
for (rows in split(lines, sapply(lines, `[`, 1))) {
  set <- rows[[1]][1]; kind <- rows[[1]][2]; degree <- as.integer(rows[[1]][3])
  m <- t(sapply(rows, function(r) as.numeric(r[-(1:3)])))
  y <- m[, 1]; x <- m[, -1, drop = FALSE]
  fit <- switch(kind, polynomial = lm(y ~ outer(x[, 1], seq_len(degree), `^`), tol = 1e-15), linear = lm(y ~ x), lm(y ~ 0 + x))
  s <- suppressWarnings(summary(fit))
  for (j in seq_len(nrow(s$coefficients))) {
    show(set, paste0("b", j - 1), s$coefficients[j, 1]); show(set, paste0("se", j - 1), s$coefficients[j, 2])
  }
  show(set, "residual_sd", s$sigma); show(set, "r_squared", s$r.squared); show(set, "F", s$fstatistic[1])
}
