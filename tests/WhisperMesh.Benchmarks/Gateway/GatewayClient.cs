using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Client;
using WhisperMesh.ServiceDefaults.Clients;
using WhisperMesh.Speech.V1;

namespace WhisperMesh.Benchmarks.Gateway;

/// <summary>A client of a worker, or of what stands before it.</summary>
internal sealed class GatewayClient : IDisposable
{
    private const int ChunkBytes = 32 * 1024;

    private readonly GrpcChannel _channel;
    private readonly TranscriptionService.TranscriptionServiceClient _client;
    private readonly Metadata _headers = [];

    /// <summary>A client of a router.</summary>
    public GatewayClient(Uri address, string? key)
        : this(GrpcChannelDefaults.CreateChannel(address))
    {
        if (key is not null)
        {
            _headers.Add("authorization", $"Bearer {key}");
        }
    }

    /// <summary>A client of a worker, or of a proxy that passes on what it gets.</summary>
    public GatewayClient(Uri address, StandInWorker worker)
        : this(OpenChannel(address, worker))
    {
    }

    private GatewayClient(GrpcChannel channel)
    {
        (_channel, _client) = (channel, new TranscriptionService.TranscriptionServiceClient(channel));
        // The relay is measured, not what the cache saves or costs.
        _headers.Add("cache-control", "no-store");
    }

    /// <summary>Sends audio and reads the answer to its end.</summary>
    /// <param name="audio">What to send.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <param name="deadline">When the answer is worth nothing any more, UTC; null: never.</param>
    /// <exception cref="BenchmarkException">The answer is not whole, or of another length of audio.</exception>
    public async Task TranscribeAsync(ReadOnlyMemory<byte> audio, CancellationToken cancellationToken, DateTime? deadline = null)
    {
        using var call = _client.StreamTranscribe(_headers, deadline, cancellationToken);
        await call.RequestStream.WriteAsync(new StreamTranscribeRequest { Config = new TranscriptionConfig { LanguageCode = "en" } }, cancellationToken);
        for (var rest = audio; rest.Length > 0;)
        {
            var chunk = rest[..Math.Min(ChunkBytes, rest.Length)];
            await call.RequestStream.WriteAsync(new StreamTranscribeRequest { Audio = UnsafeByteOperations.UnsafeWrap(chunk) }, cancellationToken);
            rest = rest[chunk.Length..];
        }

        await call.RequestStream.CompleteAsync();
        await ReadAsync(call, audio.Length, cancellationToken);
    }

    /// <summary>Sends so many bytes in chunks of 64 KiB.</summary>
    public async Task UploadAsync(long bytes, CancellationToken cancellationToken)
    {
        const int UploadChunkBytes = 64 * 1024;

        using var call = _client.StreamTranscribe(_headers, cancellationToken: cancellationToken);
        await call.RequestStream.WriteAsync(new StreamTranscribeRequest { Config = new TranscriptionConfig { LanguageCode = "en" } }, cancellationToken);
        var chunk = new StreamTranscribeRequest { Audio = UnsafeByteOperations.UnsafeWrap(new byte[UploadChunkBytes]) };
        for (var sent = 0L; sent < bytes; sent += UploadChunkBytes)
        {
            await call.RequestStream.WriteAsync(chunk, cancellationToken);
        }

        await call.RequestStream.CompleteAsync();
        await ReadAsync(call, (bytes + UploadChunkBytes - 1) / UploadChunkBytes * UploadChunkBytes, cancellationToken);
    }

    /// <summary>Sends frames of 20 ms at their time, for a while.</summary>
    /// <returns>Frames that were sent.</returns>
    public async Task<int> StreamAsync(int stream, TimeSpan length, TimeSpan phase, CancellationToken cancellationToken)
    {
        using var call = _client.StreamTranscribe(_headers, cancellationToken: cancellationToken);
        var config = new TranscriptionConfig
        {
            LanguageCode = "en",
            RequestClass = RequestClass.Live,
            AudioFormat = new AudioFormat { Encoding = AudioEncoding.PcmS16Le, SampleRateHz = 16_000, ChannelCount = 1 },
        };
        await call.RequestStream.WriteAsync(new StreamTranscribeRequest { Config = config }, cancellationToken);
        await Task.Delay(phase, cancellationToken);
        using var beat = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        var frames = (int)(length.TotalMilliseconds / 20);
        for (var i = 0; i < frames; i++)
        {
            await beat.WaitForNextTickAsync(cancellationToken);
            await call.RequestStream.WriteAsync(
                new StreamTranscribeRequest { Audio = UnsafeByteOperations.UnsafeWrap(LiveFrame.Create(stream)) }, cancellationToken);
        }

        await call.RequestStream.CompleteAsync();
        await ReadAsync(call, (long)frames * LiveFrame.Bytes, cancellationToken);
        return frames;
    }

    public void Dispose() => _channel.Dispose();

    private static GrpcChannel OpenChannel(Uri address, StandInWorker worker)
    {
        var options = GrpcChannelDefaults.CreateOptions();
        options.HttpHandler = worker.Admit((SocketsHttpHandler)options.HttpHandler!);
        return GrpcChannel.ForAddress(address, options);
    }

    private static async Task ReadAsync(
        AsyncDuplexStreamingCall<StreamTranscribeRequest, StreamTranscribeResponse> call, long bytes, CancellationToken cancellationToken)
    {
        TranscriptionSummary? summary = null;
        while (await call.ResponseStream.MoveNext(cancellationToken))
        {
            summary = call.ResponseStream.Current.Summary ?? summary;
        }

        var heard = (summary?.AudioDuration?.ToTimeSpan().TotalSeconds ?? 0) * 32_000;
        if (Math.Abs(heard - bytes) > 1)
        {
            throw new BenchmarkException($"The answer is about {heard:0} bytes of audio, not {bytes}.");
        }
    }
}
