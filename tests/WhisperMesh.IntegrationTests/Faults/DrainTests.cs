using System.Collections.Concurrent;
using System.Net;
using Grpc.Health.V1;
using Grpc.Net.Client;
using WhisperMesh.Client;
using WhisperMesh.IntegrationTests.Running;
using WhisperMesh.Tests.Shared;

namespace WhisperMesh.IntegrationTests.Faults;

/// <summary>Processes that are told to stop while they work.</summary>
public sealed class DrainTests
{
    private static readonly TimeSpan ExitBound = TimeSpan.FromSeconds(30);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>F07: a worker that is told to stop says so at once, takes no more, hands back what it can't end in time, and exits 0.</summary>
    [Fact]
    public async Task WorkerToldToStop_HandsItsFourRequestsBackAndExits0()
    {
        await using var mesh = await BrokenMesh.StartAsync(
            workers: 1, ("Transcription__DrainTimeout", "00:00:04"), ("Drain__Notice", "00:00:01"));
        var first = mesh.Transcription[0];
        var audio = Recordings.Joined(minimumSeconds: 120);
        var work = Enumerable.Range(0, 4).Select(_ => mesh.HearAsync(audio)).ToList();
        await Eventually.HoldsAsync(async () => await mesh.LoadAsync() == 4, TimeSpan.FromSeconds(30), mesh.Logs);
        mesh.StartTranscription();
        await mesh.WaitUntilReadyAsync();
        using var channel = GrpcChannel.ForAddress(first.Grpc);
        (await BrokenMesh.HealthAsync(channel)).ShouldBe(HealthCheckResponse.Types.ServingStatus.Serving);

        await first.Process.SignalAsync("TERM");

        await Eventually.HoldsAsync(
            async () => await BrokenMesh.HealthAsync(channel) == HealthCheckResponse.Types.ServingStatus.NotServing,
            Numbers.Of(TimeSpan.FromSeconds(1), TimeSpan.FromMilliseconds(100)),
            mesh.Logs);
        (await first.Process.WaitForExitAsync(ExitBound)).ShouldBe(0);
        mesh.Transcription.Remove(first);
        foreach (var transcript in await Task.WhenAll(work))
        {
            transcript.ShouldBeWhole(audio);
        }
    }

    /// <summary>F08: a router that is told to stop tells connections to go away and ends what it has; a client that tries again elsewhere sees no failure; it exits 0.</summary>
    [Fact]
    public async Task RouterToldToStop_EndsWhatItHasAndExits0()
    {
        await using var mesh = await BrokenMesh.StartAsync(workers: 1, ("Drain__Notice", "00:00:01"));
        var first = mesh.Router;
        using var http = new HttpClient { BaseAddress = first.Http };
        var audio = await File.ReadAllBytesAsync(Recordings.English[0].Path, Token);
        await using var client = new WhisperMeshClient(first.Grpc);
        await using var idle = await Http2Watch.ConnectAsync(first.Grpc, Token);
        var unary = Enumerable.Range(0, Numbers.Of(10, 25)).Select(_ => PostAsync(http, audio)).ToList();
        var streams = Enumerable.Range(0, Numbers.Of(10, 50))
            .Select(_ => client.TranscribeAsync(new MemoryStream(BrokenMesh.Fresh(audio)), cancellationToken: Token).ToTranscriptAsync(cancellationToken: Token))
            .ToList();
        await Eventually.HoldsAsync(async () => await mesh.LoadAsync() > 0, TimeSpan.FromSeconds(30), mesh.Logs);

        mesh.StartRouter();
        await mesh.Router.WaitUntilHealthyAsync();
        unary.AddRange(Enumerable.Range(0, Numbers.Of(10, 25)).Select(_ => PostAsync(http, audio)));
        await first.Process.SignalAsync("TERM");

        await Eventually.HoldsAsync(async () => !await first.IsHealthyAsync(), TimeSpan.FromSeconds(1), mesh.Logs);
        await Eventually.HoldsAsync(
            async () => await PostAsync(mesh.Http, audio) == HttpStatusCode.OK, TimeSpan.FromSeconds(20), mesh.Logs);
        (await Task.WhenAll(unary)).ShouldAllBe(status => status == HttpStatusCode.OK);
        (await Task.WhenAll(streams)).ShouldAllBe(transcript => transcript.Segments.Count > 0);
        (await idle.GoAwayAsync().WaitAsync(ExitBound, Token)).ShouldBe(Http2Watch.NoError);
        (await first.Process.WaitForExitAsync(ExitBound)).ShouldBe(0);
    }

    /// <summary>F09: workers restarted one after the other, under load, cost no client anything.</summary>
    [Fact]
    public async Task WorkersRestartedInTurn_NoClientSeesIt()
    {
        await using var mesh = await BrokenMesh.StartAsync(workers: 2);
        var audio = await File.ReadAllBytesAsync(Recordings.English[0].Path, Token);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var replies = new ConcurrentQueue<HttpStatusCode>();
        var load = Enumerable.Range(0, 2).Select(async _ =>
        {
            while (!end.IsCancellationRequested)
            {
                replies.Enqueue(await PostAsync(mesh.Http, audio));
            }
        }).ToList();

        foreach (var old in mesh.Transcription.ToList())
        {
            mesh.StartTranscription();
            await mesh.WaitUntilReadyAsync();
            await old.Process.SignalAsync("TERM");
            (await old.Process.WaitForExitAsync(ExitBound)).ShouldBe(0);
            mesh.Transcription.Remove(old);
        }

        await end.CancelAsync();
        await Task.WhenAll(load);
        replies.ShouldNotBeEmpty();
        replies.ShouldAllBe(status => status == HttpStatusCode.OK, mesh.Logs());
    }

    private static async Task<HttpStatusCode> PostAsync(HttpClient http, byte[] audio)
    {
        using var form = HttpApi.Form(BrokenMesh.Fresh(audio), "a.wav", ("model", "whisper-1"), ("language", "en"));
        using var response = await http.PostAsync("/v1/audio/transcriptions", form, Token);
        await response.Content.ReadAsByteArrayAsync(Token);
        return response.StatusCode;
    }
}
