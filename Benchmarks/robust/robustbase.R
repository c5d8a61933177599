# Rscript robustbase.R METHOD FILE ROWS COLUMNS [REPETITIONS]   METHOD: fast deterministic ogk mrcd lmrob
a <- commandArgs(TRUE)
suppressMessages({library(robustbase); library(rrcov)})
n <- as.integer(a[3]); p <- as.integer(a[4]); reps <- if (length(a) > 4) as.integer(a[5]) else 1
x <- matrix(readBin(a[2], "double", n * p), n)
cut <- qchisq(0.975, p)
for (k in seq_len(reps)) {
  set.seed(k)
  t <- proc.time()
  if (a[1] == "lmrob") {
    m <- lmrob(x[, 1] ~ x[, -1]); objective <- m$scale; flagged <- which(weights(m, "robustness") < 0.1)
  } else {
    m <- switch(a[1], fast = covMcd(x), deterministic = covMcd(x, nsamp = "deterministic"), ogk = CovOgk(x), mrcd = CovMrcd(x))
    t <- proc.time() - t
    objective <- if (a[1] %in% c("fast", "deterministic")) m$crit else if (a[1] == "mrcd") m@crit else NaN
    flagged <- if (isS4(m)) which(mahalanobis(x, getCenter(m), getCov(m)) > cut) else which(mahalanobis(x, m$center, m$cov) > cut)
  }
  if (a[1] == "lmrob") t <- proc.time() - t
  peak <- as.numeric(gsub("\\D", "", grep("VmHWM", readLines("/proc/self/status"), value = TRUE))) / 1024
  cat(sprintf("%dx%d R %-13s wall %.3f s  cpu %.3f s  objective %.9f  hit %d/%d  false %d  peak %.0f MiB\n", n, p, a[1], t[[3]], t[[1]] + t[[2]],
              objective, sum(flagged <= n %/% 10), n %/% 10, sum(flagged > n %/% 10), peak))
}
