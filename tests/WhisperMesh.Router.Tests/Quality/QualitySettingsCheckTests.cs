using WhisperMesh.Router.Languages;
using WhisperMesh.Router.Quality;
using WhisperMesh.Router.Routing.Configuration;

namespace WhisperMesh.Router.Tests.Quality;

public sealed class QualitySettingsCheckTests
{
    [Fact]
    public void Check_AllInRange_FindsNothing()
    {
        var quality = new QualitySettings
        {
            Action = "retry",
            Verdicts = ["suspected_silence", "suspected_loop", "low_confidence", "language_mismatch"],
            MinConfidence = 0.5,
            Retry = new PoolSettings { Model = "large", Upstream = "other" },
            RetryTemperature = 0.4,
        };

        Check(quality).ShouldBeEmpty();
    }

    [Fact]
    public void Check_EverythingWrong_NamesEachValueAtOnce()
    {
        var quality = new QualitySettings
        {
            Action = "again",
            Verdicts = ["low_confidence", "ok"],
            MinConfidence = double.NaN,
            RetryTemperature = 1.5,
            Retry = new PoolSettings { Upstream = "nobody" },
        };

        var errors = Check(quality);

        errors.Select(error => error.Split(' ', 2)[0].TrimEnd(':')).ShouldBe(
        [
            "routes[1].quality.action", "routes[1].quality.verdicts[1]", "routes[1].quality.minConfidence",
            "routes[1].quality.retryTemperature", "routes[1].quality",
        ]);
    }

    [Fact]
    public void Check_LanguagesOutOfRange_NamesThem()
    {
        var languages = new LanguageSettings { MinProbability = 1.1, Wait = TimeSpan.Zero };

        new LanguageSettingsCheck().Check(new MeshConfiguration { Languages = languages }).Select(error => error.Split(' ', 2)[0])
            .ShouldBe(["languages.minProbability", "languages.wait"]);
    }

    private static List<string> Check(QualitySettings quality) =>
    [
        .. new QualitySettingsCheck().Check(new MeshConfiguration
        {
            Routes = [new RouteSettings { Name = "plain" }, new RouteSettings { Name = "judged", Quality = quality }],
        }),
    ];
}
