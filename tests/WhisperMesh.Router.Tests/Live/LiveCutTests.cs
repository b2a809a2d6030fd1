using System.Text;
using Grpc.Core;
using WhisperMesh.Router.Tests.Fakes;
using WhisperMesh.Speech.V1;

namespace WhisperMesh.Router.Tests.Live;

/// <summary>Wherever workers die and connections break: every word comes once, and none changes.</summary>
public sealed class LiveCutTests : IAsyncLifetime
{
    private readonly List<FakeWorker> _workers = [];
    private RouterHost _router = null!;

    public async ValueTask InitializeAsync()
    {
        foreach (var id in new[] { "one", "two", "three" })
        {
            _workers.Add(await FakeWorker.StartAsync(id));
        }

        var settings = new Dictionary<string, string?> { ["Router:FailedWorkerPause"] = "00:00:00", ["Router:Live:MaxLostWorkers"] = "1000" };
        _router = await RouterHost.StartAsync(settings, [.. _workers.Select(worker => worker.LiveLease)]);
    }

    public async ValueTask DisposeAsync()
    {
        await _router.DisposeAsync();
        foreach (var worker in _workers)
        {
            await worker.DisposeAsync();
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    public async Task StreamLive_CutAtRandomPlaces_TheTextIsThatOfAnUnbrokenRun(int seed)
    {
        var random = new Random(seed);
        var said = Speech(random);
        LetWorkersDie(new Random(seed + 1000));

        var told = await SayAllAsync(said, random);

        told.Words.ShouldBe(said.Replace("_", "", StringComparison.Ordinal).Replace(".", ". ", StringComparison.Ordinal).Trim());
        string.Join(" ", told.Finals).ShouldBe(told.Words);
        told.Numbers.ShouldBe(told.Numbers.Order().Distinct());
    }

    /// <summary>Utterances of some words, with silence between some of them.</summary>
    private static string Speech(Random random)
    {
        var text = new StringBuilder();
        for (var i = 0; i < 40; i++)
        {
            text.Append(string.Join(' ', Enumerable.Range(0, random.Next(1, 8)).Select(word => $"w{i}x{word}"))).Append('.');
            text.Append('_', random.Next(0, 30));
        }

        return text.ToString();
    }

    private void LetWorkersDie(Random random)
    {
        var gate = new Lock();
        foreach (var worker in _workers)
        {
            worker.Live.OnMessage = (_, _) =>
            {
                int chance;
                lock (gate)
                {
                    chance = random.Next(60);
                }

                if (chance == 0)
                {
                    worker.Die();
                }

                return chance == 1 ? throw new RpcException(new Status(StatusCode.Unavailable, "A test's whim.")) : Task.CompletedTask;
            };
        }
    }

    /// <summary>Sends in pieces of any size, and comes back after each break of the connection.</summary>
    private async Task<Heard> SayAllAsync(string said, Random random)
    {
        var (heard, sent, token) = (new Heard(), 0, "");
        while (true)
        {
            var config = new LiveConfig { PassClock = LivePassClock.Audio };
            if (token.Length > 0)
            {
                config.Resume = new LiveResume { Token = token, LastEventNumber = heard.Numbers.LastOrDefault() };
            }

            using var client = await LiveClient.OpenAsync(_router, config);
            var started = (await client.UntilStartedAsync()).Started;
            client.Events.Clear();
            (token, sent) = (started.ResumeToken, (int)started.Position);
            var breaksAfter = random.Next(5, 60);
            while (sent < said.Length && breaksAfter-- > 0)
            {
                var count = Math.Min(random.Next(1, 25), said.Length - sent);
                await client.SayAsync(said.Substring(sent, count), sent);
                sent += count;
            }

            if (sent == said.Length)
            {
                await client.CompleteAsync();
                await client.ReadAllAsync();
                heard.Add(client.Events);
                client.Summary.ShouldNotBeNull();
                return heard;
            }

            // Some of what was told has arrived by then.
            for (var i = random.Next(0, 20); i > 0; i--)
            {
                await client.NextAsync();
            }

            heard.Add(client.Events);
        }
    }

    private sealed class Heard
    {
        private readonly List<string> _words = [];

        public List<long> Numbers { get; } = [];

        public List<string> Finals { get; } = [];

        public string Words => string.Concat(_words).Trim();

        public void Add(IEnumerable<StreamLiveResponse> events)
        {
            foreach (var message in events.Where(message => message.Started is null))
            {
                Numbers.Add(message.EventNumber);
                _words.AddRange((message.Update?.Words ?? []).Select(word => word.Text));
                if (message.Final is { } final)
                {
                    Finals.Add(final.Segment.Text);
                }
            }
        }
    }
}
