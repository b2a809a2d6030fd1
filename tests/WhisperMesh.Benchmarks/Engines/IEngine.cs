using WhisperMesh.Benchmarks.Corpus;
using WhisperMesh.Whisper;

namespace WhisperMesh.Benchmarks.Engines;

/// <summary>Something that turns a file into text: our engine, or a rival.</summary>
internal interface IEngine
{
    string Name { get; }

    /// <summary>Transcribes the file, its language given where the clip has one. May be called several times at once.</summary>
    /// <param name="clip">The file.</param>
    /// <param name="urgency">How urgent it is, for an engine that can tell urgent work from other work.</param>
    /// <param name="cancellationToken">Gives up.</param>
    Task<EngineAnswer> TranscribeAsync(Clip clip, RequestClass urgency, CancellationToken cancellationToken);
}
