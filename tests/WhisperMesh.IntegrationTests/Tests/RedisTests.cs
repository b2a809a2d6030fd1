using WhisperMesh.IntegrationTests.Running;
using WhisperMesh.Testing;
using WhisperMesh.Tests.Shared;

namespace WhisperMesh.IntegrationTests.Tests;

/// <summary>Redis that is not there yet, and Redis that goes away.</summary>
public sealed class RedisTests
{
    private static readonly TimeSpan LogBound = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Redis_DownAtStartThenKilledThenBack_StartWaitsAndRequestsGoOn()
    {
        await using var mesh = new Mesh(RedisServer.CreateStopped());
        mesh.StartRouter();
        mesh.StartTranscription();
        foreach (var service in new[] { mesh.Router, mesh.Transcription[0] })
        {
            await Eventually.HoldsAsync(
                () => service.Process.Log.Contains("redis", StringComparison.OrdinalIgnoreCase),
                LogBound,
                () => $"{service.Process.Name} does not say that it waits\n{service.Process.Log}");
            service.Process.HasExited.ShouldBeFalse(service.Process.Log);
            (await service.IsHealthyAsync()).ShouldBeFalse();
        }

        await mesh.Redis.StartAsync(TestContext.Current.CancellationToken);
        await mesh.WaitUntilReadyAsync();
        await ShouldTranscribeAsync(mesh);

        await mesh.Redis.KillAsync();
        await ShouldTranscribeAsync(mesh);

        // Empty, so the worker has to write its lease anew.
        await mesh.Redis.StartAsync(TestContext.Current.CancellationToken);
        mesh.StartTranscription();
        await mesh.WaitUntilReadyAsync();
        await ShouldTranscribeAsync(mesh);
    }

    private static async Task ShouldTranscribeAsync(Mesh mesh)
    {
        var recording = Recordings.Named("en-conf-onlyone.wav");
        var audio = await File.ReadAllBytesAsync(recording.Path, TestContext.Current.CancellationToken);
        var heard = await mesh.TextOfAsync(audio, recording.File);
        WordErrorRate.Errors(recording.Text, heard).ShouldBeLessThanOrEqualTo(1, heard);
    }
}
