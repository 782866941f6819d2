% The sleep in Octave's array style: a matrix product per layer, updates of sub-matrices.
% Reads the folder that bench/peers/compare prepared; prints seconds per step.
function array_sleep(folder)
  [w, p, probabilities] = read_case(folder);
  layers = numel(w);
  for l = 1:layers
    v{l} = zeros(rows(w{l}), 1);
  end
  tic;
  for step = 1:p.steps
    below = rand(columns(w{1}), 1) < probabilities(:, step);
    for l = 1:layers
      v{l} = p.decay * v{l} + p.alpha(l) * (w{l} * below);
      fired = v{l} >= p.threshold(l);
      up = w{l}(fired, below);
      down = w{l}(fired, !below);
      w{l}(fired, below) = up + p.increment * phi(up);
      w{l}(fired, !below) = down - p.decrement * phi(down);
      v{l}(fired) = 0;
      below = fired;
    end
  end
  printf("%.9f\n", toc / p.steps);
end

function y = phi(w)
  y = 2 ./ (1 + exp(w / 0.001));
end
