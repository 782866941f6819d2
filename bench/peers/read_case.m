% A case as bench/peers/compare wrote it: weights [out x in] by layer, parameters, and the
% probabilities of input spikes [inputs x steps].
function [w, p, probabilities] = read_case(folder)
  p = jsondecode(fileread(fullfile(folder, "case.json")));
  for l = 1:numel(p.sizes) - 1
    % Row-major on disk, column-major here.
    w{l} = read_doubles(fullfile(folder, sprintf("weights%d", l)), [p.sizes(l), p.sizes(l + 1)])';
  end
  probabilities = read_doubles(fullfile(folder, "probabilities"), [p.sizes(1), p.steps]);
end

function values = read_doubles(path, shape)
  file = fopen(path, "rb");
  values = fread(file, shape, "double");
  fclose(file);
end
