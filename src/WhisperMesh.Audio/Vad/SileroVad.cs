using System.Collections.Concurrent;
using WhisperMesh.Audio.Vad;

namespace WhisperMesh.Audio;

/// <summary>The Silero VAD model, "sequence" variant for 16 kHz. Thread-safe: one serves all requests, each with its own state.</summary>
public sealed class SileroVad : IDisposable
{
    /// <summary>Samples that one probability covers.</summary>
    public const int ChunkLength = 512;

    // The network hears each chunk with the end of the one before it.
    internal const int ContextLength = 64;
    internal const int RowLength = ContextLength + ChunkLength;
    internal const int StateLength = 128;

    /// <summary>Chunks that one run takes at most.</summary>
    internal const int MaxChunks = SileroNetwork.BatchSize;

    private readonly SileroNetwork _network;
    private readonly ConcurrentBag<SileroScratch> _idle = [];

    /// <summary>Loads the model.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">The file is not this model.</exception>
    public SileroVad(string modelPath)
    {
        if (!File.Exists(modelPath))
        {
            throw new FileNotFoundException($"The voice activity model is missing: {modelPath}", modelPath);
        }

        try
        {
            _network = new SileroNetwork(new OnnxGraph(File.ReadAllBytes(modelPath)));
        }
        catch (InvalidDataException exception)
        {
            throw new InvalidDataException($"{modelPath} is not the sequence variant of Silero VAD: {exception.Message}", exception);
        }
    }

    /// <summary>Runs chunks in order; the state goes on from chunk to chunk and is updated for the next call.</summary>
    /// <param name="samples">The end of what came before, then the chunks.</param>
    /// <param name="hidden">State of the stream, zero at its start.</param>
    /// <param name="cell">State of the stream, likewise.</param>
    /// <param name="probabilities">Where each chunk's probability of speech goes: as many as there are chunks.</param>
    internal void Run(ReadOnlySpan<float> samples, Span<float> hidden, Span<float> cell, Span<float> probabilities)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(samples.Length, ContextLength + (probabilities.Length * ChunkLength));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(probabilities.Length, MaxChunks);
        var scratch = _idle.TryTake(out var idle) ? idle : new SileroScratch();
        _network.Run(samples, hidden, cell, probabilities, scratch);
        _idle.Add(scratch);
    }

    /// <summary>Lets go of the memory that is kept for further runs.</summary>
    public void Dispose() => _idle.Clear();
}
