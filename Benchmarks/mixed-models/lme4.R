# The peers' side: Rscript lme4.R insteval|simple|full FILE
suppressMessages({library(data.table); library(lme4)})
a <- commandArgs(TRUE); d <- fread(a[2], stringsAsFactors = TRUE)
f <- switch(a[1],
  insteval = score ~ service + (1|rater) + (1|unit) + (1|unit_group),
  simple = score ~ criterion + (1|unit) + (1|rater),
  full = score ~ criterion + (1|unit) + (1|rater) + (1|unit:criterion) + (1|rater:criterion))
s <- proc.time(); m <- lmer(f, d, REML = a[1] != "insteval"); e <- proc.time() - s
cat("lme4", as.character(packageVersion("lme4")), a[1], "wall", e[[3]], "cpu", e[[1]] + e[[2]],
    "criterion", format(-2 * as.numeric(logLik(m)), digits = 14), "\n")
