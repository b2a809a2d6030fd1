using WhisperMesh.Client;
using WhisperMesh.IntegrationTests.Running;
using WhisperMesh.Speech.V1;
using WhisperMesh.Testing;
using WhisperMesh.Tests.Shared;

namespace WhisperMesh.IntegrationTests.Faults;

/// <summary>Live streams through a mesh of real processes that breaks on the way. Each tells the text of the unbroken stream.</summary>
public sealed class LiveFaultTests(UnbrokenTalk unbroken) : IClassFixture<UnbrokenTalk>
{
    private static readonly LiveOptions ByAudio = new()
    {
        AudioFormat = LiveHeard.Format,
        Language = "en",
        PassClock = LivePassClock.Audio,
        ResumeTime = TimeSpan.FromMinutes(2),
    };

    // By the audio's clock the same comes of it, however fast it is sent.
    private const double Pace = 5;

    private static byte[] Audio => UnbrokenTalk.Audio;

    /// <summary>A worker killed in mid-sentence: another goes on, no committed word changes, and the text is that of the unbroken stream.</summary>
    [Fact]
    public async Task WorkerKilledInMidSentence_TextIsTheSame()
    {
        await using var mesh = await BrokenMesh.StartAsync(workers: 2);
        var expected = await unbroken.HeardAsync(mesh, ByAudio);

        var heard = await LiveHeard.HearAsync(
            mesh.Client, Audio, ByAudio, Pace, inMidSentence: heard => mesh.Named(heard.WorkerId).Process.KillAsync());

        ShouldBeTheSame(heard, expected);
        heard.Notes.ShouldContain("taken the stream over");
        heard.WorkerId.ShouldNotBe(heard.Events[0].Started.WorkerId);
    }

    /// <summary>The same where passes are made by need, whose places differ from run to run: at most two words in a hundred do.</summary>
    [Fact]
    public async Task WorkerKilledWithPassesByNeed_TextIsNearlyTheSame()
    {
        await using var mesh = await BrokenMesh.StartAsync(workers: 2);
        var byNeed = ByAudio with { PassClock = LivePassClock.Need };
        var audio = LiveHeard.Talk(minimumSeconds: 40);
        var expected = await LiveHeard.HearAsync(mesh.Client, audio, byNeed);

        var heard = await LiveHeard.HearAsync(
            mesh.Client, audio, byNeed, inMidSentence: heard => mesh.Named(heard.WorkerId).Process.KillAsync());

        heard.ShouldBeWhole(audio);
        var words = WordErrorRate.Words(expected.Text);
        WordErrorRate.Errors(words, WordErrorRate.Words(heard.Text)).ShouldBeLessThanOrEqualTo(Math.Max(1, words.Length * 2 / 100), heard.Text);
    }

    /// <summary>A worker that freezes is found out by its silence; when it thaws, what it says late is heard by nobody.</summary>
    [Fact]
    public async Task WorkerFreezesInMidSentence_TextIsTheSame()
    {
        await using var mesh = await BrokenMesh.StartAsync(workers: 2, ("Router__SilentWorkerTimeout", "00:00:04"));
        var expected = await unbroken.HeardAsync(mesh, ByAudio);
        MeshService? frozen = null;

        var heard = await LiveHeard.HearAsync(
            mesh.Client, Audio, ByAudio, Pace, inMidSentence: heard => (frozen = mesh.Named(heard.WorkerId)).Process.SignalAsync("STOP"));
        await frozen!.Process.SignalAsync("CONT");

        ShouldBeTheSame(heard, expected);
        await Eventually.HoldsAsync(async () => await mesh.LoadAsync() == 0, TimeSpan.FromSeconds(30), mesh.Logs);
    }

    /// <summary>Redis lost under a stream: it goes on as if nothing were.</summary>
    [Fact]
    public async Task RedisKilled_StreamGoesOn()
    {
        await using var mesh = await BrokenMesh.StartAsync(workers: 1);
        var expected = await unbroken.HeardAsync(mesh, ByAudio);

        var heard = await LiveHeard.HearAsync(
            mesh.Client, Audio, ByAudio, Pace, inMidSentence: _ => mesh.Redis.KillAsync());

        ShouldBeTheSame(heard, expected);
        heard.Notes.ShouldBeEmpty();
    }

    private static void ShouldBeTheSame(LiveHeard heard, LiveHeard expected)
    {
        heard.ShouldBeWhole(Audio);
        heard.Text.ShouldBe(expected.Text);
        heard.Words.Select(word => (word.Text, word.StartOffset, word.WordDuration))
            .ShouldBe(expected.Words.Select(word => (word.Text, word.StartOffset, word.WordDuration)));
        heard.Finals.Select(final => final.Segment.Text).ShouldBe(expected.Finals.Select(final => final.Segment.Text));
    }
}

/// <summary>The talk, and what is heard of it when nothing breaks: the same in each mesh, and so heard once.</summary>
public sealed class UnbrokenTalk
{
    private LiveHeard? _heard;

    internal static byte[] Audio { get; } = LiveHeard.Talk(minimumSeconds: Numbers.Of(25, 40));

    internal async Task<LiveHeard> HeardAsync(Mesh mesh, LiveOptions options)
    {
        if (_heard is null)
        {
            var heard = await LiveHeard.HearAsync(mesh.Client, Audio, options, pace: 0);
            heard.ShouldBeWhole(Audio);
            heard.Words.Count.ShouldBeGreaterThan(Numbers.Of(30, 60), heard.Text);
            _heard = heard;
        }

        return _heard;
    }
}
