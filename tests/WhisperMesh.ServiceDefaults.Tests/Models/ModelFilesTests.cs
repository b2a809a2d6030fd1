using System.Security.Cryptography;
using WhisperMesh.ServiceDefaults.Models;

namespace WhisperMesh.ServiceDefaults.Tests.Models;

public sealed class ModelFilesTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("whispermesh-models-").FullName;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public async Task Check_FilesAsListed_FindsNoError()
    {
        var folder = await CreateAsync("words", SHA256.HashData("words"u8.ToArray()));

        (await ModelFiles.CheckAsync(folder, ["a.bin"], Token)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Check_DamagedAndMissing_NamesBoth()
    {
        var folder = await CreateAsync("wordz", SHA256.HashData("words"u8.ToArray()));

        var errors = await ModelFiles.CheckAsync(folder, ["a.bin", "b.bin"], Token);

        errors.Count.ShouldBe(2);
        errors[0].ShouldContain(Path.Combine(folder, "a.bin"));
        errors[0].ShouldContain("damaged");
        errors[1].ShouldContain(Path.Combine(folder, "b.bin"));
    }

    [Fact]
    public void Resolve_RelativeToContentRoot_IsFoundThere()
    {
        Directory.CreateDirectory(Path.Combine(_root, "models", "m"));

        ModelFiles.Resolve("models/m", _root).ShouldBe(Path.Combine(_root, "models", "m"));
    }

    [Fact]
    public void Resolve_NotUnderContentRoot_IsFoundAboveTheProgram()
    {
        var resolved = ModelFiles.Resolve("models/SHA256SUMS", _root);

        File.Exists(resolved).ShouldBeTrue(resolved);
    }

    private async Task<string> CreateAsync(string content, byte[] hash)
    {
        var folder = Path.Combine(_root, "m");
        Directory.CreateDirectory(folder);
        await File.WriteAllTextAsync(Path.Combine(folder, "a.bin"), content, Token);
        await File.WriteAllTextAsync(Path.Combine(_root, "SHA256SUMS"), $"{Convert.ToHexStringLower(hash)}  m/a.bin\n", Token);
        return folder;
    }
}
