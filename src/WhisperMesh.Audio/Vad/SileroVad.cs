using Microsoft.ML.OnnxRuntime;

namespace WhisperMesh.Audio;

/// <summary>The Silero VAD model, "sequence" variant for 16 kHz. Thread-safe: one serves all requests, each with its own state.</summary>
public sealed class SileroVad : IDisposable
{
    /// <summary>Samples that one probability covers.</summary>
    public const int ChunkLength = 512;

    // The graph sees each chunk with the end of the one before it.
    internal const int ContextLength = 64;
    internal const int RowLength = ContextLength + ChunkLength;
    internal const int StateLength = 128;

    private static readonly string[] InputNames = ["input", "h", "c"];
    private static readonly string[] OutputNames = ["speech_probs", "hn", "cn"];

    private readonly InferenceSession _session;
    private readonly RunOptions _runOptions = new();

    /// <summary>Loads the model.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">The file is not this model.</exception>
    public SileroVad(string modelPath)
    {
        if (!File.Exists(modelPath))
        {
            throw new FileNotFoundException($"The voice activity model is missing: {modelPath}", modelPath);
        }

        // The graph is small: a second thread costs more than it brings, and requests run beside each other anyway.
        using var options = new SessionOptions { IntraOpNumThreads = 1, InterOpNumThreads = 1 };
        try
        {
            _session = new InferenceSession(modelPath, options);
        }
        catch (OnnxRuntimeException exception)
        {
            _runOptions.Dispose();
            throw new InvalidDataException($"The voice activity model can't be loaded: {modelPath}: {exception.Message}", exception);
        }

        if (!InputNames.All(_session.InputMetadata.ContainsKey) || !OutputNames.All(_session.OutputMetadata.ContainsKey))
        {
            Dispose();
            throw new InvalidDataException($"{modelPath} is not the sequence variant of Silero VAD.");
        }
    }

    /// <summary>Runs rows of context and chunk in order; the state goes on from row to row and is updated for the next call.</summary>
    internal void Run(float[] rows, int rowCount, float[] hidden, float[] cell, Span<float> probabilities)
    {
        long[] stateShape = [1, 1, StateLength];
        using var input = OrtValue.CreateTensorValueFromMemory(
            OrtMemoryInfo.DefaultInstance, rows.AsMemory(0, rowCount * RowLength), [rowCount, RowLength]);
        using var h = OrtValue.CreateTensorValueFromMemory(hidden, stateShape);
        using var c = OrtValue.CreateTensorValueFromMemory(cell, stateShape);
        using var outputs = _session.Run(_runOptions, InputNames, [input, h, c], OutputNames);
        outputs[0].GetTensorDataAsSpan<float>()[..rowCount].CopyTo(probabilities);
        outputs[1].GetTensorDataAsSpan<float>().CopyTo(hidden);
        outputs[2].GetTensorDataAsSpan<float>().CopyTo(cell);
    }

    public void Dispose()
    {
        _session.Dispose();
        _runOptions.Dispose();
    }
}
