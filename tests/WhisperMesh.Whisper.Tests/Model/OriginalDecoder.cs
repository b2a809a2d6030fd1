using Microsoft.ML.OnnxRuntime;
using WhisperMesh.Whisper.Model;

namespace WhisperMesh.Whisper.Tests.Model;

/// <summary>Reads a text with the graphs exactly as they lie in the model folder, for one row.</summary>
internal sealed class OriginalDecoder : IDisposable
{
    private readonly InferenceSession _decoder = new(Path.Combine(Repository.WhisperBase, "decoder.onnx"));
    private readonly RunOptions _run = new();
    private readonly Dictionary<string, OrtValue> _audio = [];
    private readonly ModelDimensions _dimensions;
    private readonly int _positions;

    public OriginalDecoder(float[] mel, int frames, ModelDimensions dimensions)
    {
        (_dimensions, _positions) = (dimensions, frames / 2);
        using var encoder = new InferenceSession(Path.Combine(Repository.WhisperBase, "encoder.onnx"));
        using var input = OrtValue.CreateTensorValueFromMemory(mel, [1, 80, frames]);
        string[] names = [.. encoder.OutputMetadata.Keys];
        using var outputs = encoder.Run(_run, ["mel"], [input], names);
        for (var i = 0; i < names.Length; i++)
        {
            _audio[names[i]] = Floats(outputs[i].GetTensorDataAsSpan<float>().ToArray(), 1, dimensions.Heads, _positions, 64);
        }
    }

    /// <summary>Logits after the last token, and where the alignment heads look.</summary>
    public (float[] Logits, float[] Scores) Read(int[] tokens)
    {
        var n = tokens.Length;
        var mask = new float[n * n];
        for (var i = 0; i < n; i++)
        {
            mask.AsSpan(i * n + i + 1, n - i - 1).Fill(-1e9f);
        }
        var inputs = new Dictionary<string, OrtValue>(_audio)
        {
            ["tokens"] = Integers([.. tokens.Select(token => (long)token)]),
            ["positions"] = Integers([.. Enumerable.Range(0, n).Select(position => (long)position)]),
            ["logits_at"] = Integers([n - 1]),
            ["mask"] = Floats(mask, 1, 1, n, n),
            ["cross_mask"] = Floats(new float[n * _positions], 1, 1, n, _positions),
        };
        for (var layer = 0; layer < _dimensions.Layers; layer++)
        {
            inputs[$"past_k.{layer}"] = Floats([], 1, _dimensions.Heads, 0, 64);
            inputs[$"past_v.{layer}"] = Floats([], 1, _dimensions.Heads, 0, 64);
        }
        using var outputs = _decoder.Run(_run, inputs, ["logits", "cross_qk"]);
        foreach (var input in inputs.Where(input => !_audio.ContainsKey(input.Key)))
        {
            input.Value.Dispose();
        }
        return (outputs[0].GetTensorDataAsSpan<float>().ToArray(), outputs[1].GetTensorDataAsSpan<float>().ToArray());
    }

    public void Dispose()
    {
        foreach (var value in _audio.Values)
        {
            value.Dispose();
        }
        _run.Dispose();
        _decoder.Dispose();
    }

    private static OrtValue Integers(long[] values) => OrtValue.CreateTensorValueFromMemory(values, [1, values.Length]);

    private static OrtValue Floats(float[] values, params long[] shape) => OrtValue.CreateTensorValueFromMemory(values, shape);
}
