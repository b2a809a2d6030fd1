using System.Text.Json;
using WhisperMesh.Synthesis.Sherpa;

namespace WhisperMesh.Synthesis.Tests.Natives;

public sealed class LockFileTests
{
    [Theory]
    [InlineData("sherpa-onnx-linux-x64", "linux", "x64")]
    [InlineData("sherpa-onnx-linux-arm64", "linux", "arm64")]
    [InlineData("sherpa-onnx-darwin-x64", "darwin", "x64")]
    [InlineData("sherpa-onnx-darwin-arm64", "darwin", "arm64")]
    [InlineData("sherpa-onnx-win-x64", "win32", "x64")]
    public void Package_IsPinnedForItsPlatform(string name, string os, string cpu)
    {
        using var document = Read();
        var packages = document.RootElement.GetProperty("packages");

        var package = packages.GetProperty($"node_modules/{name}");

        package.GetProperty("version").GetString().ShouldBe(SherpaNative.Version);
        packages.GetProperty("").GetProperty("optionalDependencies").GetProperty(name).GetString().ShouldBe(SherpaNative.Version);
        package.GetProperty("os").EnumerateArray().Select(e => e.GetString()).ShouldBe([os]);
        package.GetProperty("cpu").EnumerateArray().Select(e => e.GetString()).ShouldBe([cpu]);
        package.GetProperty("optional").GetBoolean().ShouldBeTrue();
        var integrity = package.GetProperty("integrity").GetString().ShouldNotBeNull();
        integrity.ShouldStartWith("sha512-");
        Convert.FromBase64String(integrity["sha512-".Length..]).Length.ShouldBe(64);
    }

    [Fact]
    public void LockFile_NamesFivePackagesAndNoRegistry()
    {
        using var document = Read();
        var packages = document.RootElement.GetProperty("packages").EnumerateObject().ToArray();

        packages.Length.ShouldBe(6);
        packages.SelectMany(package => package.Value.EnumerateObject()).ShouldNotContain(property => property.Name == "resolved");
    }

    private static JsonDocument Read() => JsonDocument.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "package-lock.json")));
}
