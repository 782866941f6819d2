% The authors' own function, from a checkout of their release, on the same case.
function authors_sleep(folder, checkout)
  addpath(fullfile(checkout, "sleep"));
  [w, p, probabilities] = read_case(folder);
  nn.size = p.sizes(:)';
  nn.W = w;
  opts.dt = 0.001;
  opts.max_rate = 500;  % 2 * dt * max_rate = 1: the input is the probability
  opts.threshold = 1;
  opts.t_ref = 0;
  sleep_opts.alpha = p.alpha;
  sleep_opts.beta = p.threshold;
  sleep_opts.decay = p.decay;
  sleep_opts.W_inh = 0;
  sleep_opts.normW = 0;
  sleep_opts.DC = 0;
  sleep_opts.inc = p.increment;
  sleep_opts.dec = p.decrement;
  tic;
  sleepnn_old(nn, p.steps, opts, sleep_opts, probabilities);
  printf("%.9f\n", toc / p.steps);
end
