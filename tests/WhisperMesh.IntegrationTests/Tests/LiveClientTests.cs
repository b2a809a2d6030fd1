using WhisperMesh.IntegrationTests.Faults;
using WhisperMesh.IntegrationTests.Running;
using WhisperMesh.Speech.V1;
using WhisperMesh.Testing;
using WhisperMesh.Tests.Shared;

namespace WhisperMesh.IntegrationTests.Tests;

/// <summary>The .NET client's live streams, with routers that are killed and connections that are cut.</summary>
public sealed class LiveClientTests
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(60);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(LivePassClock.Audio, 0)]
    [InlineData(LivePassClock.Need, 2)]
    public async Task RouterKilledInMidSentence_TheStreamGoesOnAtTheOther(LivePassClock clock, int errorsPer100Words)
    {
        await using var mesh = await StartAsync();
        var (first, other) = (mesh.Router, mesh.OtherRouters[0]);
        var talk = new LiveTalk(recordings: 5, clock);
        var unbroken = await talk.HearAsync([other.Grpc]);
        var middle = new Middle();

        var broken = await talk.HearAsync([first.Grpc, other.Grpc], message => middle.Is(message) ? first.Process.KillAsync() : Task.CompletedTask);

        first.Process.HasExited.ShouldBeTrue();
        broken.Statuses.ShouldContain(status => status.Contains("goes on at a router that had not seen it", StringComparison.Ordinal));
        ShouldBeTheSame(broken, unbroken, errorsPer100Words);
    }

    [Fact]
    public async Task ConnectionCutTenTimes_TheTextIsThatOfAnUnbrokenRun()
    {
        await using var mesh = await StartAsync();
        await using var proxy = FaultProxy.Start(mesh.Router.Grpc.Port);
        var talk = new LiveTalk(recordings: 8, LivePassClock.Audio);
        var unbroken = await talk.HearAsync([mesh.Router.Grpc]);
        var random = new Random(33);
        HashSet<int> places = [.. Enumerable.Range(0, 10).Select(part => 2 + (part * 3) + random.Next(3))];
        var updates = 0;

        var broken = await talk.HearAsync(
            [proxy.Address], message => message.Update is not null && places.Contains(++updates) ? proxy.ResetAllAsync() : Task.CompletedTask);

        broken.Statuses.Count(status => status.Contains("broke off", StringComparison.Ordinal)).ShouldBeGreaterThanOrEqualTo(5);
        ShouldBeTheSame(broken, unbroken, errorsPer100Words: 0);
    }

    private static void ShouldBeTheSame(LiveHearing broken, LiveHearing unbroken, int errorsPer100Words)
    {
        unbroken.ShouldBeOneStream();
        broken.ShouldBeOneStream();
        if (errorsPer100Words == 0)
        {
            broken.Finals.ShouldBe(unbroken.Finals);
        }

        var expected = WordErrorRate.Words(unbroken.Text);
        expected.Length.ShouldBeGreaterThan(20, unbroken.Text);
        WordErrorRate.Errors(expected, WordErrorRate.Words(broken.Text))
            .ShouldBeLessThanOrEqualTo((int)Math.Ceiling(expected.Length * errorsPer100Words / 100.0), $"{broken.Text}\n\n{unbroken.Text}");
    }

    private static async Task<Mesh> StartAsync()
    {
        var mesh = await FaultMesh.CreateAsync();
        mesh.StartRouter();
        var other = mesh.StartAnotherRouter();
        mesh.StartTranscription();
        await mesh.WaitUntilReadyAsync();
        using var http = new HttpClient { BaseAddress = other.Http };
        await Eventually.HoldsAsync(
            async () => (await http.GetStringAsync("/v1/models", Token)).Contains("whisper-base", StringComparison.Ordinal), Bound, mesh.Logs);
        return mesh;
    }

    /// <summary>Finds the middle of a sentence: some words of it are committed, after a few that are over.</summary>
    private sealed class Middle
    {
        private int _finals;
        private bool _found;

        internal bool Is(StreamLiveResponse message)
        {
            _finals += message.Final is null ? 0 : 1;
            if (_found || _finals < 2 || message.Update is not { Words.Count: > 0 })
            {
                return false;
            }

            return _found = true;
        }
    }
}
