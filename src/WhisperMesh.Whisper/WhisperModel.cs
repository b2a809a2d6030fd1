using WhisperMesh.Whisper.Model;
using WhisperMesh.Whisper.Tokens;

namespace WhisperMesh.Whisper;

/// <summary>A Whisper model in memory. Immutable and thread-safe: all requests share one.</summary>
public sealed class WhisperModel : IDisposable
{
    // A run uses all threads already: two requests took turns in 0.90 of the time that they took side by side on two cores.
    private readonly SemaphoreSlim _turns = new(1);

    private WhisperModel(string name, string device, int threads, Parts parts)
    {
        (Name, Device, Threads) = (name, device, threads);
        (Encoder, Decoder, Tokenizer, Control) = (parts.Encoder, parts.Decoder, parts.Tokenizer, parts.Control);
        Languages = [.. Control.Languages.OrderBy(entry => entry.Value).Select(entry => entry.Key)];
    }

    public string Name { get; }

    /// <summary>Where the model runs: <c>cpu</c>.</summary>
    public string Device { get; }

    /// <summary>Threads of one run.</summary>
    public int Threads { get; }

    /// <summary>Codes of the languages the model knows, its best trained ones first.</summary>
    public IReadOnlyList<string> Languages { get; }

    internal Encoder Encoder { get; }

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
        var threads = options.Threads > 0 ? options.Threads : CpuCores.Physical();
        var files = new ModelFiles(folder);
        var loaded = new LoadProgress(folder, progress);
        var dimensions = files.ReadJson("config.json", ModelDimensions.Read);
        var control = files.ReadJson("generation_config.json", ControlTokens.Read);
        var tokenizer = files.Read("tokenizer.json", TokenizerFile.Read);
        loaded.Done("tokenizer.json");
        var encoder = files.Read("encoder.onnx", path => new Encoder(path, dimensions, threads));
        loaded.Done("encoder.onnx");
        try
        {
            var decoder = files.Read("decoder.onnx", path => new Decoder(path, dimensions, threads));
            loaded.Done("decoder.onnx");
            var name = options.Name ?? Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)));
            return new WhisperModel(name, device, threads, new Parts(encoder, decoder, tokenizer, control));
        }
        catch
        {
            encoder.Dispose();
            throw;
        }
    }

    /// <summary>Waits until the model is free for a window; dispose what it gives to let the next one in.</summary>
    internal async Task<IDisposable> TakeTurnAsync(CancellationToken cancellationToken)
    {
        await _turns.WaitAsync(cancellationToken).ConfigureAwait(false);
        return new Turn(_turns);
    }

    public void Dispose()
    {
        _turns.Dispose();
        Encoder.Dispose();
        Decoder.Dispose();
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

    private sealed class Turn(SemaphoreSlim turns) : IDisposable
    {
        public void Dispose() => turns.Release();
    }

    private sealed record Parts(Encoder Encoder, Decoder Decoder, Tokenizer Tokenizer, ControlTokens Control);
}
