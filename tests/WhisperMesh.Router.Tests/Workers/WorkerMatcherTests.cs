using WhisperMesh.Router.Relay;
using WhisperMesh.Router.Tests.Fakes;
using WhisperMesh.Router.Workers;
using WhisperMesh.ServiceDefaults.Errors;
using WhisperMesh.Speech.V1;

namespace WhisperMesh.Router.Tests.Workers;

/// <summary>No worker is given a request of which it would ignore something.</summary>
public sealed class WorkerMatcherTests
{
    private static readonly string[] Old = ["transcribe", "translate", "language-detection", "word-timestamps"];

    public static TheoryData<string, string> Wishes => new()
    {
        { "channel_mode", "channels" },
        { "keywords", "keywords" },
        { "beam_size", "beam-search" },
        { "word_timestamps", "word-timestamps" },
    };

    [Theory]
    [MemberData(nameof(Wishes))]
    public void Match_SomeWorkersHaveTheFeature_OnlyThese(string field, string feature)
    {
        var able = Leases.Transcription("able", features: ["transcribe", feature]);
        var other = Leases.Transcription("other", features: "transcribe");

        var matches = WorkerMatcher.Match([other, able], Needs(Config(field)));

        matches.Select(match => match.Worker.WorkerId).ShouldBe(["able"]);
    }

    [Theory]
    [MemberData(nameof(Wishes))]
    public void Match_NoWorkerHasTheFeature_NamesTheField(string field, string feature)
    {
        var others = Old.Where(each => each != feature).ToArray();

        var exception = Should.Throw<MeshException>(
            () => WorkerMatcher.Match([Leases.Transcription("a", features: others)], Needs(Config(field))));

        exception.Field.ShouldBe(field);
    }

    [Fact]
    public void Match_OneBeamAndMixedChannels_NeedNothingNew()
    {
        var config = new TranscriptionConfig { BeamSize = 1, ChannelMode = ChannelMode.Mixed, RequestClass = RequestClass.Bulk };

        WorkerMatcher.Match([Leases.Transcription("old", features: Old)], Needs(config)).Count.ShouldBe(1);
    }

    private static WorkerRequirements Needs(TranscriptionConfig config) => TranscriptionRequirements.Of(config, CompressedAudio.None);

    private static TranscriptionConfig Config(string field) => field switch
    {
        "channel_mode" => new() { ChannelMode = ChannelMode.Separate },
        "keywords" => new() { Keywords = { "WhisperMesh" } },
        "beam_size" => new() { BeamSize = 2 },
        _ => new() { WordTimestamps = true },
    };
}
