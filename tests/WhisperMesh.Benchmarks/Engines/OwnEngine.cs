using System.Diagnostics;
using WhisperMesh.Audio;
using WhisperMesh.Benchmarks.Commands;
using WhisperMesh.Benchmarks.Corpus;
using WhisperMesh.Whisper;

namespace WhisperMesh.Benchmarks.Engines;

/// <summary>Our engine, in this process: from the bytes of the file to the text, as the transcription worker runs it.</summary>
internal sealed class OwnEngine : IEngine, IDisposable
{
    private readonly WhisperModel _model;
    private readonly SileroVad _vad;
    private readonly Transcriber _transcriber;
    private readonly AudioDecoder _decoder = new(new AudioDecoderOptions());
    private readonly RequestSettings _request;

    public OwnEngine(string name, string models, WhisperModelOptions options, RequestSettings request)
    {
        Name = name;
        _request = request;
        _model = WhisperModel.Load(Path.Combine(models, "whisper-base"), options);
        _vad = new SileroVad(Path.Combine(models, "silero-vad", "silero_vad.onnx"));
        _transcriber = new Transcriber(_model, _vad);
    }

    public string Name { get; }

    /// <summary>What the engine has done since it was loaded.</summary>
    public EngineStatistics Statistics => _model.Statistics;

    public async Task<EngineAnswer> TranscribeAsync(Clip clip, RequestClass urgency, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        await using var file = File.OpenRead(clip.Path);
        var report = new AudioDecodeReport();
        var samples = _decoder.DecodeAsync(file, null, report, cancellationToken);
        var segments = new List<TranscriptSegment>();
        var completed = await ListenAsync(samples, clip.Language, urgency, segments.Add, cancellationToken);
        var text = string.Concat(segments.Select(segment => segment.Text));
        return new EngineAnswer(text, Stopwatch.GetElapsedTime(started))
        {
            Report = new OwnReport(segments, report.DecodeTime, completed.Timings),
        };
    }

    /// <summary>Transcribes samples that need no decoding; calls back for each segment.</summary>
    public async Task<Completed> ListenAsync(
        IAsyncEnumerable<ReadOnlyMemory<float>> samples,
        string? language,
        RequestClass urgency,
        Action<TranscriptSegment> heard,
        CancellationToken cancellationToken)
    {
        var request = _request.ToRequest(language, urgency);
        await foreach (var happened in _transcriber.TranscribeAsync(samples, request, cancellationToken))
        {
            switch (happened)
            {
                case SegmentRecognized recognized:
                    heard(recognized.Segment);
                    break;
                case Completed completed:
                    return completed;
            }
        }
        throw new BenchmarkException("The engine ended without its last event.");
    }

    public void Dispose()
    {
        _model.Dispose();
        _vad.Dispose();
    }
}
