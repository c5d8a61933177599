# psych.R FILE: psych's intraclass correlations by analysis of variance, processor seconds of one run.
suppressMessages(library(psych))
x <- as.matrix(read.csv(commandArgs(TRUE)[1], header = FALSE))
t <- system.time(r <- suppressMessages(ICC(x, lmer = FALSE)))
cat(sprintf("R          psych %s, six ICCs with limits: cpu %.3f s  wall %.3f s  %s\n", packageVersion("psych"), t[[1]] + t[[2]], t[[3]],
            paste(format(r$results$ICC, digits = 10), collapse = " ")))
