using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Hosting;
using WhisperMesh.Transcription.Models;

namespace WhisperMesh.Transcription.Tests.Models;

public sealed class ModelSettingsTests
{
    private static readonly string[] TwoModels =
        ["Models:0:Name=a", "Models:0:Path=/m/a", "Models:1:Name=b", "Models:1:Path=/m/b", "Models:1:Default=true"];

    [Fact]
    public void Read_Nothing_IsTheBundledModel()
    {
        var models = Read();

        var model = models.All.ShouldHaveSingleItem();
        (model.Name, model.IsDefault, model.LoadAtStart, model.KeepLoaded).ShouldBe(("whisper-base", true, true, true));
        model.Aliases.ShouldBe(["whisper-1"]);
        model.Languages.Count.ShouldBe(99);
        models.Get("whisper-1").ShouldBe(models.Get(""));
    }

    [Fact]
    public void Read_ShortForm_IsOneModel()
    {
        var model = Read("ModelPath=/m/x", "ModelName=x", "Aliases:0=y").All.ShouldHaveSingleItem();

        (model.Name, model.Folder, model.IsDefault).ShouldBe(("x", Path.GetFullPath("/m/x"), true));
        model.Aliases.ShouldBe(["y"]);
    }

    [Fact]
    public void Read_SeveralModels_OnlyTheDefaultIsLoadedAtStartAndKept()
    {
        var models = Read([.. TwoModels, "Models:0:Aliases:0=c"]);

        models.Default.Name.ShouldBe("b");
        models.Default.Aliases.ShouldBe(["whisper-1"]);
        models.Get("c").ShouldSatisfyAllConditions(
            model => model.Name.ShouldBe("a"), model => model.LoadAtStart.ShouldBeFalse(), model => model.KeepLoaded.ShouldBeFalse());
    }

    [Fact]
    public void Read_AnotherModelTakesOpenAisName_TheDefaultGoesWithout()
    {
        var models = Read([.. TwoModels, "Models:0:Aliases:0=whisper-1"]);

        models.Get("whisper-1").Name.ShouldBe("a");
        models.Default.Aliases.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("None of Transcription:Models is the default", "Models:1:Default=false")]
    [InlineData("Only one model can be the default: Transcription:Models:0:Default, Transcription:Models:1", "Models:0:Default=true")]
    [InlineData("Transcription:Models:1:Name: 'a' is taken by Transcription:Models:0:Name", "Models:1:Name=a")]
    [InlineData("Transcription:Models:0:Aliases:0: 'b' is taken by Transcription:Models:1:Name", "Models:0:Aliases:0=b")]
    [InlineData(
        "Transcription:Models:1:Aliases:0: 'c' is taken by Transcription:Models:0:Aliases:0",
        "Models:0:Aliases:0=c",
        "Models:1:Aliases:0=c")]
    [InlineData("Transcription:Models:0:Aliases:0 is empty", "Models:0:Aliases:0=")]
    [InlineData("Transcription:Models:1:Name is missing", "Models:1:Name=")]
    [InlineData("Transcription:Models:0:Path is missing", "Models:0:Path=")]
    [InlineData("Transcription:ModelPath is the short form for one model; with Transcription:Models it must not be set", "ModelPath=/m/c")]
    [InlineData("Transcription:ModelName is the short form", "ModelName=c")]
    [InlineData("Transcription:Aliases is the short form", "Aliases:0=c")]
    public void Validate_BadModels_NamesTheKey(string error, params string[] settings)
    {
        Errors([.. TwoModels, .. settings]).ShouldHaveSingleItem().ShouldStartWith(error);
    }

    [Theory]
    [InlineData("Transcription:ModelPath is empty", "ModelPath=")]
    [InlineData("Transcription:ModelName is empty", "ModelName=")]
    [InlineData("Transcription:Aliases:1: 'x' is taken by Transcription:ModelName", "ModelName=x", "Aliases:0=y", "Aliases:1=x")]
    public void Validate_BadShortForm_NamesTheKey(string error, params string[] settings)
    {
        Errors(settings).ShouldHaveSingleItem().ShouldStartWith(error);
    }

    [Fact]
    public void Validate_SeveralErrors_NamesThemAll()
    {
        Errors([.. TwoModels, "Models:1:Default=false", "Models:0:Path=", "Models:1:Name=a", "ModelName=c"]).Count().ShouldBe(4);
    }

    [Fact]
    public void Validate_GoodModels_FindsNothing()
    {
        Errors([.. TwoModels, "Models:0:Aliases:0=whisper-1", "Models:0:KeepLoaded=true", "Models:0:LoadAtStart=true"]).ShouldBeEmpty();
    }

    private static ModelDefinitions Read(params string[] settings)
    {
        Errors(settings).ShouldBeEmpty();
        return ModelDefinitions.Read(Bind(settings), new HostEnvironment());
    }

    private static IEnumerable<string> Errors(params string[] settings) =>
        new ModelSettingsValidator().Validate(null, Bind(settings)).Failures ?? [];

    private static TranscriptionOptions Bind(string[] settings)
    {
        // Of two settings of a key the later one counts.
        var options = new TranscriptionOptions();
        new ConfigurationBuilder().AddCommandLine(settings).Build().Bind(options);
        return options;
    }

    private sealed class HostEnvironment : IHostEnvironment
    {
        public string EnvironmentName { get; set; } = Environments.Production;

        public string ApplicationName { get; set; } = "test";

        public string ContentRootPath { get; set; } = AppContext.BaseDirectory;

        public IFileProvider ContentRootFileProvider { get; set; } = new NullFileProvider();
    }
}
