using WhisperMesh.Client;
using WhisperMesh.IntegrationTests.Running;
using WhisperMesh.Testing;

namespace WhisperMesh.IntegrationTests.Faults;

/// <summary>Workers that end, hang or crash in the middle of a file.</summary>
public sealed class WorkerDeathTests
{
    private static readonly TimeSpan Middle = TimeSpan.FromSeconds(20);

    /// <summary>F01: a file whose worker is killed goes on elsewhere from the last finished segment: one transcript, nothing lost or doubled.</summary>
    [Fact]
    public async Task WorkerKilledInMidFile_TheTranscriptIsWhole()
    {
        await using var mesh = await BrokenMesh.StartAsync(workers: 2);
        var audio = Recordings.Joined(minimumSeconds: 120);
        var unbroken = await mesh.HearAsync(audio);

        var broken = await mesh.HearAsync(audio, after: Middle, then: worker => worker.Process.KillAsync());

        ShouldBeTheSame(broken, unbroken, audio);
        broken.Summary.Attempt.ShouldBe(2);
        broken.Summary.LanguageCode.ShouldBe("en");
        broken.Summary.Route.Notes.ShouldContain(note => note.Contains("Went on from", StringComparison.Ordinal));
    }

    /// <summary>F01: the same where each channel is transcribed by itself; the one that was ahead is cut in mid-speech, so up to four words in a hundred differ.</summary>
    [Fact]
    public async Task WorkerKilledInMidCall_EachChannelIsWhole()
    {
        await using var mesh = await BrokenMesh.StartAsync(workers: 2);
        var audio = StereoWav.Of(Recordings.Joined(minimumSeconds: 90), Recordings.Joined(minimumSeconds: 100)[320_000..]);
        var options = new TranscribeOptions { SeparateChannels = true, Language = "en" };
        var unbroken = await mesh.HearAsync(audio, options);

        var broken = await mesh.HearAsync(audio, options, TimeSpan.FromSeconds(20), worker => worker.Process.KillAsync());

        foreach (var channel in new[] { 0, 1 })
        {
            var expected = WordErrorRate.Words(Text(unbroken, channel));
            WordErrorRate.Errors(expected, WordErrorRate.Words(Text(broken, channel))).ShouldBeLessThanOrEqualTo(Math.Max(3, expected.Length * 4 / 100));
        }

        broken.Summary.Attempt.ShouldBe(2);
    }

    /// <summary>F02: a worker that freezes loses its request to another; when it thaws, what it says late is heard by nobody.</summary>
    [Fact]
    public async Task WorkerFreezesInMidFile_TheOtherOnesResultStands()
    {
        await using var mesh = await BrokenMesh.StartAsync(workers: 2, ("Router__SilentWorkerTimeout", "00:00:04"));
        var audio = Recordings.Joined(minimumSeconds: 110);
        var unbroken = await mesh.HearAsync(audio);
        MeshService? frozen = null;

        var broken = await mesh.HearAsync(audio, after: Middle, then: worker => (frozen = worker).Process.SignalAsync("STOP"));
        await frozen!.Process.SignalAsync("CONT");

        ShouldBeTheSame(broken, unbroken, audio);
        broken.Summary.Attempt.ShouldBe(2);
        await Eventually.HoldsAsync(async () => await mesh.LoadAsync() == 0, TimeSpan.FromSeconds(20), mesh.Logs);
    }

    /// <summary>F04: a crash in native code ends that worker only; the request goes on once elsewhere, and the router stays up.</summary>
    [Fact]
    public async Task WorkerCrashes_OnlyItEnds()
    {
        await using var mesh = await BrokenMesh.StartAsync(workers: 2);
        var audio = Recordings.Joined(minimumSeconds: 150);
        MeshService? crashed = null;

        var broken = await mesh.HearAsync(audio, then: async worker =>
        {
            crashed = worker;
            await worker.Process.CrashAsync();
        });

        broken.ShouldBeWhole(audio);
        broken.Summary.Attempt.ShouldBe(2);
        (await crashed!.Process.WaitForExitAsync(TimeSpan.FromSeconds(20))).ShouldNotBe(0);
        mesh.Router.Process.HasExited.ShouldBeFalse();
        mesh.Transcription.Count(worker => worker.Process.HasExited).ShouldBe(1);
    }

    /// <summary>At most two words in a hundred differ, around the cut.</summary>
    private static void ShouldBeTheSame(Transcript broken, Transcript unbroken, byte[] audio)
    {
        broken.ShouldBeWhole(audio);
        var expected = WordErrorRate.Words(unbroken.Text);
        WordErrorRate.Errors(expected, WordErrorRate.Words(broken.Text)).ShouldBeLessThanOrEqualTo(expected.Length * 2 / 100, broken.Text);
    }

    private static string Text(Transcript transcript, int channel) =>
        string.Join(' ', transcript.Segments.Where(segment => segment.Channel == channel).Select(segment => segment.Text));
}
