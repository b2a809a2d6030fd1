using Grpc.Core;
using WhisperMesh.Router.Tests.Fakes;
using WhisperMesh.ServiceDefaults.Errors;
using WhisperMesh.Speech.V1;

namespace WhisperMesh.Router.Tests.Live;

/// <summary>A live stream goes to a worker and its events come back, numbered.</summary>
public sealed class LiveRelayTests : IAsyncLifetime
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
    public async Task StreamLive_Words_ComeAsTheyAreSaidAndTheSummaryLast()
    {
        using var client = await LiveClient.OpenAsync(_router);
        (await client.UntilStartedAsync()).ShouldSatisfyAllConditions(
            first => first.EventNumber.ShouldBe(1),
            first => first.Started.WorkerId.ShouldBe("one"),
            first => first.Started.ResumeToken.Length.ShouldBe(22),
            first => first.Started.Route.AttemptCount.ShouldBe(1));

        await client.SayAsync("good morn");
        await client.UntilWordAsync("good");
        await client.SayAsync("ing to you.");
        await client.UntilAsync(message => message.Final is not null);
        await client.CompleteAsync();
        await client.ReadAllAsync();

        client.Words.ShouldBe("good morning to you.");
        client.Finals.ShouldBe(["good morning to you."]);
        client.Events.Select(message => message.EventNumber).ShouldBe(Enumerable.Range(1, client.Events.Count).Select(number => (long)number));
        client.Summary!.ShouldSatisfyAllConditions(
            summary => summary.UtteranceCount.ShouldBe(1),
            summary => summary.AudioDuration.ToTimeSpan().ShouldBe(TimeSpan.FromSeconds(20 / 8000.0)),
            summary => summary.Route.WorkerId.ShouldBe("one"));
    }

    [Fact]
    public async Task StreamLive_WorkerDiesMidSentence_AnotherGoesOnAndNoWordComesTwice()
    {
        using var client = await LiveClient.OpenAsync(_router);
        await client.UntilStartedAsync();
        await client.SayAsync("first one. the second sen");
        await client.UntilWordAsync("second");
        _router.Directory.Workers = [_one.LiveLease, _two.LiveLease];

        _one.Die();
        await client.UntilAsync(message => message.Status is { WorkerId: "two" });
        await client.SayAsync("tence is here.");
        await client.CompleteAsync();
        await client.ReadAllAsync();

        client.Words.ShouldBe("first one. the second sentence is here.");
        client.Finals.ShouldBe(["first one.", "the second sentence is here."]);
        client.Events.Count(message => message.SpeechStarted is not null).ShouldBe(2);
        _two.Live.Configs.Single().ShouldSatisfyAllConditions(
            config => config.Attempt.ShouldBe(2),
            config => config.Resume.Checkpoint.Position.ShouldBe("first one.".Length),
            config => config.Resume.Words.Select(word => word.Text).ShouldBe([" the", " second"]));
        client.Summary!.Route.AttemptCount.ShouldBe(2);
    }

    [Fact]
    public async Task StreamLive_ConnectionBreaks_TheClientComesBackAndMissesNothing()
    {
        var first = await LiveClient.OpenAsync(_router);
        await first.UntilStartedAsync();
        await first.SayAsync("a word or two and ");
        await first.UntilWordAsync("word");
        var (token, last) = (first.Started.ResumeToken, first.Events[^1].EventNumber);
        first.Dispose();

        using var second = await LiveClient.OpenAsync(
            _router, new LiveConfig { Resume = new LiveResume { Token = token, LastEventNumber = last } });
        (await second.UntilStartedAsync()).Started.ShouldSatisfyAllConditions(
            started => started.Resumed.ShouldBeTrue(), started => started.Position.ShouldBe("a word or two and ".Length));
        await second.SayAsync("more.");
        await second.CompleteAsync();
        await second.ReadAllAsync();

        (first.Words + " " + second.Words).ShouldBe("a word or two and more.");
        second.Finals.ShouldBe(["a word or two and more."]);
        _one.Live.Configs.Count.ShouldBe(1);
    }

    [Fact]
    public async Task StreamLive_UnknownTokenWithoutCheckpoint_IsNotFound()
    {
        using var client = await LiveClient.OpenAsync(_router, new LiveConfig { Resume = new LiveResume { Token = "unknown" } });

        var error = await Should.ThrowAsync<RpcException>(client.NextAsync);

        error.StatusCode.ShouldBe(StatusCode.NotFound);
        RpcErrorDetails.From(error).Field.ShouldBe("resume.token");
    }
}
