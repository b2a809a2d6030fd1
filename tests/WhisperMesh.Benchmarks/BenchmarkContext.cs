using System.Diagnostics;
using Spectre.Console;
using WhisperMesh.Benchmarks.Commands;
using WhisperMesh.Benchmarks.Corpus;
using WhisperMesh.Benchmarks.Engines;
using WhisperMesh.Whisper;

namespace WhisperMesh.Benchmarks;

/// <summary>What the scenarios of a run share.</summary>
internal sealed class BenchmarkContext(BenchmarkOptions options, IAnsiConsole console) : IDisposable
{
    public const string OwnName = "whispermesh";

    private readonly Lazy<DirectoryInfo> _folder = new(() => Directory.CreateTempSubdirectory("whispermesh-benchmarks-"));
    private readonly string _models = Recordings.FindModels();

    public BenchmarkOptions Options => options;

    public IReadOnlyList<IEngine> Rivals { get; } = [.. options.Rivals.Select(Engines.Rivals.Parse)];

    /// <summary>The recordings that the options leave.</summary>
    public IReadOnlyList<Clip> Clips { get; } = [.. Recordings.In([.. options.Languages]).Take(options.Take ?? int.MaxValue)];

    public string TemporaryFile(string name) => Path.Combine(_folder.Value.FullName, name);

    public void Say(string text) => console.MarkupLineInterpolated($"[grey]{text}[/]");

    /// <summary>Loads our engine as <c>--set</c> says.</summary>
    public OwnEngine LoadEngine(RequestSettings? request = null) => ModelVariant.Combine(options.Sets) is [var variant]
        ? LoadEngine(variant with { Name = OwnName }, request)
        : throw new BenchmarkException("Only a sweep takes several values of a setting.");

    public OwnEngine LoadEngine(ModelVariant variant, RequestSettings? request = null) =>
        new(variant.Name, _models, variant.Options, request ?? options.Request);

    /// <summary>Lets the runtime compile and the engine settle; every engine answers at least once.</summary>
    public async Task WarmUpAsync(IEnumerable<IEngine> engines, CancellationToken cancellationToken)
    {
        foreach (var engine in engines)
        {
            Say($"warming up {engine.Name}");
            var started = Stopwatch.GetTimestamp();
            var turn = 0;
            do
            {
                await engine.TranscribeAsync(Clips[turn++ % Clips.Count], RequestClass.Interactive, cancellationToken);
            }
            while (Stopwatch.GetElapsedTime(started) < options.WarmUp);
        }
    }

    public void Dispose()
    {
        foreach (var rival in Rivals.OfType<IDisposable>())
        {
            rival.Dispose();
        }
        if (_folder.IsValueCreated)
        {
            _folder.Value.Delete(recursive: true);
        }
    }
}
