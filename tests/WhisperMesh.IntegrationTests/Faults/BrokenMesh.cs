using Grpc.Health.V1;
using Grpc.Net.Client;
using WhisperMesh.Client;
using WhisperMesh.IntegrationTests.Running;
using WhisperMesh.Speech.V1;
using WhisperMesh.Tests.Shared;

namespace WhisperMesh.IntegrationTests.Faults;

/// <summary>A mesh of its own for each test, which breaks it.</summary>
internal static class BrokenMesh
{
    /// <summary>Short windows: a file is many of them, and a worker can be stopped in the middle.</summary>
    private const string Window = "00:00:06";

    private static int _fresh;

    internal static async Task<Mesh> StartAsync(int workers, params (string Key, string Value)[] environment)
    {
        var redis = await RedisServer.StartNewAsync(TestContext.Current.CancellationToken);
        var mesh = new Mesh(redis, new Dictionary<string, string>(environment.ToDictionary(pair => pair.Key, pair => pair.Value))
        {
            ["Transcription__Window"] = Window,
        });
        mesh.StartRouter();
        for (var i = 0; i < workers; i++)
        {
            mesh.StartTranscription();
        }

        await mesh.WaitUntilReadyAsync();
        return mesh;
    }

    /// <summary>The same recording but for its last sample: no cache has it.</summary>
    internal static byte[] Fresh(byte[] wav)
    {
        byte[] fresh = [.. wav];
        BitConverter.TryWriteBytes(fresh.AsSpan(fresh.Length - 2), (short)Interlocked.Increment(ref _fresh));
        return fresh;
    }

    /// <summary>Transcribes a file, and does something once as soon as so much of it is heard.</summary>
    internal static async Task<Transcript> HearAsync(
        this Mesh mesh, byte[] audio, TranscribeOptions? options = null, TimeSpan after = default, Func<MeshService, Task>? then = null)
    {
        var workerId = "";
        return await Watch().ToTranscriptAsync(cancellationToken: TestContext.Current.CancellationToken);

        async IAsyncEnumerable<StreamTranscribeResponse> Watch()
        {
            await foreach (var message in mesh.Client.TranscribeAsync(new MemoryStream(Fresh(audio)), options?.ToConfig()))
            {
                workerId = message.Started?.WorkerId ?? workerId;
                yield return message;
                if (then is not null && message.Segment is { } segment && segment.StartOffset.ToTimeSpan() >= after)
                {
                    var act = then;
                    then = null;
                    await act(mesh.Named(workerId));
                }
            }
        }
    }

    /// <summary>The worker of this id, which it prints when it is announced.</summary>
    internal static MeshService Named(this Mesh mesh, string workerId) =>
        mesh.Transcription.Single(worker => worker.Process.Log.Contains(workerId, StringComparison.Ordinal));

    /// <summary>Whether it says that it serves; null when it does not answer.</summary>
    internal static async Task<HealthCheckResponse.Types.ServingStatus?> HealthAsync(GrpcChannel channel)
    {
        try
        {
            return (await new Health.HealthClient(channel).CheckAsync(
                new HealthCheckRequest(), cancellationToken: TestContext.Current.CancellationToken)).Status;
        }
        catch (Grpc.Core.RpcException)
        {
            return null;
        }
    }

    /// <summary>One transcript: numbered on, in order, nothing twice, and counted right (I2).</summary>
    internal static void ShouldBeWhole(this Transcript transcript, byte[] audio)
    {
        transcript.Segments.Select(segment => segment.Index).Order().ShouldBe(Enumerable.Range(0, transcript.Segments.Count));
        transcript.Summary.SegmentCount.ShouldBe(transcript.Segments.Count);
        transcript.Summary.AudioDuration.ToTimeSpan().TotalSeconds.ShouldBe(Seconds(audio), 0.1);
        transcript.Summary.SpeechDuration.ToTimeSpan().TotalSeconds.ShouldBeInRange(Seconds(audio) * 0.4, Seconds(audio));
    }

    private static double Seconds(byte[] wav) => (wav.Length - 44) / (double)BitConverter.ToInt32(wav, 28);
}
