namespace WhisperMesh.Whisper.Tests;

public sealed class ModelFileTests : IDisposable
{
    private static readonly string[] Names = ["config.json", "generation_config.json", "tokenizer.json", "encoder.onnx", "decoder.onnx"];
    private readonly string _folder = Directory.CreateTempSubdirectory("whispermesh-model-").FullName;

    public static TheoryData<string> Files => [.. Names];

    [Theory]
    [MemberData(nameof(Files))]
    public void Load_FileMissing_IsNamed(string name)
    {
        CopyAllBefore(name);

        Refusal(WhisperErrorReason.ModelFileMissing).ShouldContain(Path.Combine(_folder, name));
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Load_FileDamaged_IsNamed(string name)
    {
        CopyAllBefore(name);
        var sound = File.ReadAllBytes(Path.Combine(Repository.WhisperBase, name));
        File.WriteAllBytes(Path.Combine(_folder, name), sound[..(sound.Length / 2)]);

        Refusal(WhisperErrorReason.ModelFileDamaged).ShouldContain(Path.Combine(_folder, name));
    }

    [Fact]
    public void Load_GraphOfAnotherModel_NamesFileAndWhatIsMissing()
    {
        CopyAllBefore("encoder.onnx");
        File.Copy(Path.Combine(Repository.Models, "silero-vad", "silero_vad.onnx"), Path.Combine(_folder, "encoder.onnx"));

        var message = Refusal(WhisperErrorReason.ModelFileDamaged);

        message.ShouldContain("encoder.onnx");
        message.ShouldContain("input 'mel'");
    }

    [Fact]
    public void Load_Sound_TellsItsProgressUpToOne()
    {
        var told = new List<double>();

        using var model = WhisperModel.Load(Repository.WhisperBase, new WhisperModelOptions(), new Listener(told));

        told.ShouldBe(told.Order());
        told.Count.ShouldBe(3);
        told[^1].ShouldBe(1);
        WhisperFolder.ReadLanguages(Repository.WhisperBase).ShouldBe(model.Languages);
        WhisperFolder.Size(Repository.WhisperBase).ShouldBeGreaterThan(80_000_000);
    }

    [Fact]
    public void ReadLanguages_FileMissing_IsNamed()
    {
        var exception = Should.Throw<WhisperException>(() => WhisperFolder.ReadLanguages(_folder));

        exception.Reason.ShouldBe(WhisperErrorReason.ModelFileMissing);
        exception.Message.ShouldContain(Path.Combine(_folder, "generation_config.json"));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string Refusal(WhisperErrorReason reason)
    {
        var exception = Should.Throw<WhisperException>(() => WhisperModel.Load(_folder, new WhisperModelOptions()));
        exception.Reason.ShouldBe(reason);
        return exception.Message;
    }

    private void CopyAllBefore(string name)
    {
        foreach (var other in Names.TakeWhile(other => other != name))
        {
            File.Copy(Path.Combine(Repository.WhisperBase, other), Path.Combine(_folder, other));
        }
    }

    private sealed class Listener(List<double> told) : IProgress<double>
    {
        public void Report(double value) => told.Add(value);
    }
}
