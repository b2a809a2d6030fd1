using System.Diagnostics;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Client;
using WhisperMesh.Benchmarks.Gateway;
using WhisperMesh.ServiceDefaults.Clients;
using WhisperMesh.Speech.V1;

namespace WhisperMesh.Benchmarks.Live;

/// <summary>A transcription worker as a process of its own, with its own defaults, and a channel to it.</summary>
internal sealed class WorkerProcess : IAsyncDisposable
{
    private const int ChunkBytes = 32 * 1024;

    private readonly GrpcChannel _channel;

    private WorkerProcess(ProxyProcess process, GrpcChannel channel) => (Process, _channel) = (process, channel);

    public ProxyProcess Process { get; }

    public LiveTranscriptionService.LiveTranscriptionServiceClient Live => new(_channel);

    public static AudioFormat Format => new() { Encoding = AudioEncoding.PcmS16Le, SampleRateHz = 16_000, ChannelCount = 1 };

    /// <param name="streams">Live streams that it must take.</param>
    /// <param name="cancellationToken">Ends the start.</param>
    public static async Task<WorkerProcess> StartAsync(int streams, CancellationToken cancellationToken)
    {
        var program = Path.GetFullPath(Path.Combine(
            AppContext.BaseDirectory.Replace("WhisperMesh.Benchmarks", "WhisperMesh.Transcription", StringComparison.Ordinal),
            "WhisperMesh.Transcription.dll"));
        var port = ProxyProcess.FreePort();
        var info = new ProcessStartInfo("dotnet", [program]) { WorkingDirectory = Path.GetDirectoryName(program) };
        info.Environment["Endpoints__GrpcPort"] = $"{port}";
        info.Environment["Endpoints__HttpPort"] = "0";
        info.Environment["Transcription__LiveStreams"] = $"{Math.Max(32, streams)}";
        info.Environment["Logging__LogLevel__Default"] = "Warning";
        var process = await ProxyProcess.StartAsync(info, port, core: null, static () => { }, cancellationToken);
        return new WorkerProcess(process, GrpcChannelDefaults.CreateChannel(new Uri($"http://127.0.0.1:{port}")));
    }

    /// <summary>Transcribes audio as a whole, as a file.</summary>
    public async Task<FileAnswer> TranscribeAsync(
        ReadOnlyMemory<byte> audio, string language, RequestClass urgency, CancellationToken cancellationToken)
    {
        var config = new TranscriptionConfig { LanguageCode = language, AudioFormat = Format, RequestClass = urgency };
        using var call = new TranscriptionService.TranscriptionServiceClient(_channel).StreamTranscribe(cancellationToken: cancellationToken);
        var sending = SendAsync(call.RequestStream, config, audio, cancellationToken);
        var texts = new List<string>();
        var decoding = TimeSpan.Zero;
        await foreach (var answer in call.ResponseStream.ReadAllAsync(cancellationToken))
        {
            if (answer.Segment is { } segment)
            {
                texts.Add(segment.Text);
            }

            decoding = answer.Summary?.Timings.Decoding.ToTimeSpan() ?? decoding;
        }

        await sending;
        return new FileAnswer(string.Join(' ', texts), decoding);
    }

    public async ValueTask DisposeAsync()
    {
        _channel.Dispose();
        await Process.DisposeAsync();
    }

    // Beside the reading: if the worker refuses, what it answers says why.
    private static async Task SendAsync(
        IClientStreamWriter<StreamTranscribeRequest> stream, TranscriptionConfig config, ReadOnlyMemory<byte> audio,
        CancellationToken cancellationToken)
    {
        await stream.WriteAsync(new StreamTranscribeRequest { Config = config }, cancellationToken);
        for (var rest = audio; rest.Length > 0; rest = rest[Math.Min(ChunkBytes, rest.Length)..])
        {
            var chunk = UnsafeByteOperations.UnsafeWrap(rest[..Math.Min(ChunkBytes, rest.Length)]);
            await stream.WriteAsync(new StreamTranscribeRequest { Audio = chunk }, cancellationToken);
        }

        await stream.CompleteAsync();
    }
}

/// <summary>What the file path made of audio.</summary>
/// <param name="Text">The words.</param>
/// <param name="Decoding">Time of the model.</param>
internal sealed record FileAnswer(string Text, TimeSpan Decoding);
