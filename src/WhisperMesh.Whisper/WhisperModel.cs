using WhisperMesh.Whisper.Features;
using WhisperMesh.Whisper.Model;
using WhisperMesh.Whisper.Model.Attention;
using WhisperMesh.Whisper.Scheduling;
using WhisperMesh.Whisper.Tokens;

namespace WhisperMesh.Whisper;

/// <summary>A Whisper model in memory. Thread-safe: all requests share one, and its batch.</summary>
public sealed class WhisperModel : IDisposable
{
    // A step reads a prompt of half the text positions at most, beside a token of each row.
    private const int MaxStepTokens = 320;

    private readonly SpeechNetwork _network;

    private WhisperModel(string name, string device, WhisperModelOptions options, Parts parts)
    {
        (Name, Device, Options) = (name, device, options);
        (_network, Decoder, Tokenizer, Control) = (parts.Network, parts.Decoder, parts.Tokenizer, parts.Control);
        Languages = [.. Control.Languages.OrderBy(entry => entry.Value).Select(entry => entry.Key)];
        Scheduler = new BatchScheduler(
            _network,
            new SchedulerOptions
            {
                MaxRows = options.Rows,
                ReservedRows = options.Rows / 4,
                MaxBytes = options.RowMemoryBytes,
            },
            TimeProvider.System);
    }

    public string Name { get; }

    /// <summary>Where the model runs: <c>cpu</c>.</summary>
    public string Device { get; }

    /// <summary>Threads of one run.</summary>
    public int Threads => Options.Threads;

    /// <summary>Codes of the languages the model knows, its best trained ones first.</summary>
    public IReadOnlyList<string> Languages { get; }

    /// <summary>What the model has done, and is about.</summary>
    public EngineStatistics Statistics => Scheduler.Clock.Read(Scheduler.Pool, Scheduler.ActiveRows, Scheduler.QueuedAudio);

    internal WhisperModelOptions Options { get; }

    internal BatchScheduler Scheduler { get; }

    internal LogMelPool Features { get; } = new();

    internal Decoder Decoder { get; }

    internal Tokenizer Tokenizer { get; }

    internal ControlTokens Control { get; }

    /// <summary>Loads a folder with <c>encoder.onnx</c>, <c>decoder.onnx</c>, <c>tokenizer.json</c> and the two configurations.</summary>
    /// <exception cref="WhisperException">A file is missing or damaged, or the device can't be had; the message names it.</exception>
    /// <param name="folder">The folder.</param>
    /// <param name="options">How to load it.</param>
    /// <param name="progress">Hears of each file loaded: the bytes done of all, 0 to 1. Called on the loading thread.</param>
    public static WhisperModel Load(string folder, WhisperModelOptions options, IProgress<double>? progress = null)
    {
        var device = CheckDevice(options.Device);
        options.Check();
        var settings = options with { Threads = options.Threads > 0 ? options.Threads : CpuCores.Physical() };
        var name = options.Name ?? Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)));
        var parts = Open(new ModelFiles(folder), settings, new LoadProgress(folder, progress));
        // Rewriting the decoder leaves twice its size behind, which would otherwise stay for as long as the process is idle.
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        return new WhisperModel(name, device, settings, parts);
    }

    public void Dispose()
    {
        Scheduler.Dispose();
        _network.Dispose();
    }

    private static Parts Open(ModelFiles files, WhisperModelOptions options, LoadProgress loaded)
    {
        var dimensions = files.ReadJson("config.json", ModelDimensions.Read);
        var control = files.ReadJson("generation_config.json", ControlTokens.Read);
        var tokenizer = files.Read("tokenizer.json", TokenizerFile.Read);
        loaded.Done("tokenizer.json");
        var pool = new AttentionPool(dimensions);
        var encoder = files.Read("encoder.onnx", path => new Encoder(path, dimensions, pool, options.Threads));
        loaded.Done("encoder.onnx");
        try
        {
            // A row that reads its prompt asks for two rows of logits: one for silence and language, one for its first token.
            var decoder = files.Read(
                "decoder.onnx", path => new Decoder(path, dimensions, options.Threads, MaxStepTokens, 2 * options.Rows));
            loaded.Done("decoder.onnx");
            return new Parts(new SpeechNetwork(encoder, decoder, pool), decoder, tokenizer, control);
        }
        catch
        {
            encoder.Dispose();
            throw;
        }
    }

    private static string CheckDevice(string device) => device switch
    {
        "auto" or "cpu" => "cpu",
        "cuda" or "webgpu" => throw new WhisperException(
            WhisperErrorReason.DeviceNotSupported,
            $"Device '{device}' can't be used: the model's graphs are int8 with kernels that only the CPU has. Use 'cpu' or 'auto'."),
        _ => throw new WhisperException(
            WhisperErrorReason.DeviceNotSupported, $"Device '{device}' is unknown: 'auto', 'cpu', 'cuda' or 'webgpu'."),
    };

    private sealed record Parts(SpeechNetwork Network, Decoder Decoder, Tokenizer Tokenizer, ControlTokens Control);
}
