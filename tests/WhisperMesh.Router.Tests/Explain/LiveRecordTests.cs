using Grpc.Core;
using WhisperMesh.Router.Tests.Fakes;
using WhisperMesh.Router.Tests.Live;
using WhisperMesh.Speech.V1;

namespace WhisperMesh.Router.Tests.Explain;

/// <summary>What a router tells of live sessions: their workers, how late their words were, who came back.</summary>
public sealed class LiveRecordTests : IAsyncLifetime
{
    private FakeWorker _one = null!;
    private FakeWorker _two = null!;
    private RouterHost _router = null!;

    public async ValueTask InitializeAsync()
    {
        (_one, _two) = (await FakeWorker.StartAsync("one"), await FakeWorker.StartAsync("two"));
        _router = await RouterHost.StartAsync(_one.LiveLease);
    }

    public async ValueTask DisposeAsync()
    {
        await _router.DisposeAsync();
        await _one.DisposeAsync();
        await _two.DisposeAsync();
    }

    [Fact]
    public async Task Record_SessionWhoseWorkerDied_HasBothWorkersAndWhatHappened()
    {
        using var client = await LiveClient.OpenAsync(_router, new LiveConfig { RequestId = "s1" });
        await client.UntilStartedAsync();
        await client.SayAsync("first half ");
        await client.UntilWordAsync("first");
        var running = await _router.NowAsync("s1");
        _router.Directory.Workers = [_one.LiveLease, _two.LiveLease];
        _one.Die();
        await client.UntilAsync(message => message.Status?.Message.Contains("taken the stream over", StringComparison.Ordinal) == true);
        await client.SayAsync("and the rest.");
        await client.CompleteAsync();
        await client.ReadAllAsync();

        var record = await _router.RecordAsync("s1");

        (running.Text("state"), running.Text("worker_id")).ShouldBe(("running", "one"));
        (record.Text("state"), record.Text("operation"), record.Text("worker_id")).ShouldBe(("served", "live", "two"));
        record.Items("attempts").Select(attempt => (attempt.Text("worker_id"), attempt.Text("outcome"))).ShouldBe([("one", "died"), ("two", "served")]);
        var live = record.GetProperty("live");
        live.Items("notes").Select(note => note.Text("message")).ShouldContain("The worker one was lost; another is sought.");
        live.GetProperty("utterance_count").GetInt32().ShouldBeGreaterThanOrEqualTo(1);
        record.Items("segments").ShouldNotBeEmpty();
        record.GetProperty("audio_seconds").GetDouble().ShouldBeGreaterThan(0);
        record.ToString().ShouldNotContain("half");
    }

    [Fact]
    public async Task Record_SessionResumedOverAnotherConnection_CountsIt()
    {
        string token;
        using (var first = await LiveClient.OpenAsync(_router, new LiveConfig { RequestId = "s1" }))
        {
            token = (await first.UntilStartedAsync()).Started.ResumeToken;
            await first.SayAsync("before ");
            await first.UntilWordAsync("before");
        }

        using var second = await LiveClient.OpenAsync(_router, new LiveConfig { RequestId = "s1", Resume = new LiveResume { Token = token } });
        await second.UntilStartedAsync();
        await second.CompleteAsync();
        await second.ReadAllAsync();

        var record = await _router.RecordAsync("s1");

        (record.Text("state"), record.GetProperty("live").GetProperty("resume_count").GetInt32()).ShouldBe(("served", 1));
        (await _router.ListAsync()).ShouldBe(["s1"]);
    }

    [Fact]
    public async Task Record_SocketWhoseSessionHasAnotherName_LeadsToIt()
    {
        using var socket = await LiveSocketClient.OpenAsync(_router);
        await socket.SendAsync(LiveSocketClient.Config.Replace("\"config\":{", "\"config\":{\"requestId\":\"s1\",", StringComparison.Ordinal));
        await socket.UntilAsync("started");
        await socket.SendAsync("""{"complete":{}}""");
        while (await socket.NextAsync() is not null)
        {
        }

        (await _router.RecordAsync("s1")).Text("protocol").ShouldBe("websocket");
        await Bounds.UntilAsync(async () => (await _router.ListAsync()).Length == 2);
        var connection = (await _router.ListAsync()).Single(id => id != "s1")!;
        (await _router.RecordAsync(connection)).Text("session_id").ShouldBe("s1");
    }

    [Fact]
    public async Task Record_SessionThatNobodyTakes_HasTheReason()
    {
        _router.Directory.Workers = [_one.Lease];
        using var client = await LiveClient.OpenAsync(_router, new LiveConfig { RequestId = "s1" });
        await Should.ThrowAsync<RpcException>(client.NextAsync);

        var record = await _router.RecordAsync("s1");

        (record.Text("state"), record.GetProperty("error").Text("field")).ShouldBe(("failed", "model"));
    }
}
