using WhisperMesh.Cli.Live.Sources;
using WhisperMesh.Tests.FakeMesh;

namespace WhisperMesh.Cli.Tests;

/// <summary>Recorders are programs on the PATH; here they are scripts.</summary>
public sealed class MicrophoneTests : CliFixture
{
    private const int AudioBytes = 10 * FakeLiveSession.WordBytes;

    public MicrophoneTests()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows() || OperatingSystem.IsMacOS(), "The scripts stand in for Linux recorders.");
        File.WriteAllBytes(PathOf("speech"), FakeLiveSession.Audio(0, AudioBytes));
        ProgramFolders = Folder;
    }

    [Fact]
    public async Task Live_NoRecorder_SaysWhatToInstall()
    {
        var result = await RunAsync("live");

        result.ExitCode.ShouldBe(ExitCodes.Failed);
        result.ErrorLine.ShouldContain("alsa-utils (arecord)");
        Script.LiveRouter.Configs.ShouldBeEmpty();
    }

    [Fact]
    public async Task Live_Recorder_IsAskedForSpeechSamplesFromTheDevice()
    {
        Program("arecord", $"echo \"$@\" > {PathOf("arguments")}; /bin/cat {PathOf("speech")}");

        var result = await RunAsync("live", "--device", "hw:1");

        result.Error.ShouldBeEmpty();
        result.Output.ShouldBe("w0 w1 w2 w3 w4 w5 w6 w7 w8 w9\n");
        (await File.ReadAllTextAsync(PathOf("arguments"), Token)).ShouldBe("-q -t raw -f S16_LE -r 16000 -c 1 -D hw:1\n");
    }

    [Fact]
    public async Task Live_SoxWithADevice_GetsItByTheEnvironment()
    {
        Program("rec", $"echo \"$AUDIODEV\" > {PathOf("device")}; /bin/cat {PathOf("speech")}");

        await RunAsync("live", "--device", "hw:2");

        (await File.ReadAllTextAsync(PathOf("device"), Token)).ShouldBe("hw:2\n");
    }

    [Fact]
    public async Task Live_FirstRecorderHasNoDevice_TheNextIsTried()
    {
        Program("arecord", "echo 'arecord: main:831: audio open error: No such file or directory' >&2; exit 1");
        Program("parec", $"/bin/cat {PathOf("speech")}");

        var result = await RunAsync("live");

        result.ExitCode.ShouldBe(0);
        result.Output.ShouldBe("w0 w1 w2 w3 w4 w5 w6 w7 w8 w9\n");
    }

    [Fact]
    public async Task Live_NoRecorderGivesSound_TellsWhatEachSaid()
    {
        Program("arecord", "echo 'no soundcards found' >&2; exit 1");
        Program("parec", "exit 0");

        var result = await RunAsync("live");

        result.ExitCode.ShouldBe(ExitCodes.Failed);
        result.ErrorLine.ShouldBe("whispermesh: no recorder gives sound. arecord failed: no soundcards found parec gave no sound.");
    }

    [Fact]
    public async Task Live_RecorderFailsInMidSpeech_SaysSo()
    {
        Program("arecord", $"/bin/cat {PathOf("speech")}; echo 'the device was unplugged' >&2; exit 1");

        var result = await RunAsync("live");

        result.ExitCode.ShouldBe(ExitCodes.Failed);
        result.ErrorLine.ShouldBe("whispermesh: arecord failed: the device was unplugged");
    }

    [Fact]
    public async Task Live_CtrlC_EndsTheRecorder()
    {
        Program("arecord", $"echo $$ > {PathOf("pid")}; /bin/cat {PathOf("speech")}; exec /bin/sleep 600");
        var running = RunAsync(["live"], Stream.Null, Interruption.Token);
        while (Script.LiveRouter.Messages.Sum(message => message.Audio?.Data.Length ?? 0) < AudioBytes - 1600)
        {
            await Task.Delay(20, Token);
        }

        Interruption.Interrupt();

        var result = await running.WaitAsync(TimeSpan.FromSeconds(20), Token);
        result.ExitCode.ShouldBe(0);
        result.Output.ShouldNotBeEmpty();
        var pid = int.Parse(await File.ReadAllTextAsync(PathOf("pid"), Token), System.Globalization.CultureInfo.InvariantCulture);
        Should.Throw<ArgumentException>(() => System.Diagnostics.Process.GetProcessById(pid));
    }

    [Fact]
    public async Task Live_CompressedFileWithoutFfmpeg_SaysWhatToInstall()
    {
        var result = await RunAsync("live", AudioFile("talk.mp3"));

        result.ExitCode.ShouldBe(ExitCodes.Failed);
        result.ErrorLine.ShouldContain("install ffmpeg");
    }

    [Fact]
    public async Task Live_FfmpegCannotRead_TellsWhatItSaid()
    {
        Program("ffmpeg", "echo 'Invalid data found when processing input' >&2; exit 183");

        var result = await RunAsync("live", AudioFile("talk.mp3"));

        result.ExitCode.ShouldBe(ExitCodes.Failed);
        result.ErrorLine.ShouldContain("Invalid data found when processing input");
    }

    [Fact]
    public void ForThisSystem_Always_NamesProgramsThatTheRemedyNames() =>
        Recorder.ForThisSystem.Select(recorder => recorder.Program).Distinct().ShouldBe(["arecord", "parec", "pw-record", "rec", "ffmpeg"]);

    private void Program(string name, string script)
    {
        File.WriteAllText(PathOf(name), $"#!/bin/sh\n{script}\n");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(PathOf(name), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }
}
