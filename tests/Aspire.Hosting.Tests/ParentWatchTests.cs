using Aspire.Hosting.Orchestration;

namespace Aspire.Hosting.Tests;

public sealed class ParentWatchTests
{
    [Theory]
    [InlineData("dotnet run --project WhisperMesh.AppHost", true)]
    [InlineData("/usr/share/dotnet/dotnet watch --project WhisperMesh.AppHost", true)]
    [InlineData("dotnet test", false)]
    [InlineData("bash run", false)]
    [InlineData("", false)]
    public void IsDotNetRun_CommandLine_OnlyForTheCommandsThatStartUs(string commandLine, bool expected) =>
        ParentWatch.IsDotNetRun(commandLine.Split(' ')).ShouldBe(expected);
}
