using WhisperMesh.ServiceDefaults.Models;

namespace WhisperMesh.ServiceDefaults.Tests.Models;

public sealed class ModelRevisionTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("whispermesh-revisions-").FullName;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public async Task Of_SameFilesElsewhere_IsTheSame()
    {
        var one = await RevisionAsync("one", "abc");
        var two = await RevisionAsync("two", "abc");

        one.Length.ShouldBe(32);
        two.ShouldBe(one);
    }

    [Fact]
    public async Task Of_OneByteOrSettingElse_Differs()
    {
        var one = await RevisionAsync("one", "abc");

        (await RevisionAsync("two", "abd")).ShouldNotBe(one);
        (await RevisionAsync("three", "abc", "27 s")).ShouldNotBe(one);
    }

    [Fact]
    public async Task Of_FileMissing_IsEmpty() =>
        (await ModelRevision.OfAsync([Path.Combine(_root, "none")], [], Token)).ShouldBe("");

    private async Task<string> RevisionAsync(string folder, string content, string setting = "15 s")
    {
        var path = Path.Combine(Directory.CreateDirectory(Path.Combine(_root, folder)).FullName, "model.onnx");
        await File.WriteAllTextAsync(path, content, Token);
        return await ModelRevision.OfAsync([path], [setting], Token);
    }
}
