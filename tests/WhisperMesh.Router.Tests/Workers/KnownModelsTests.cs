using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using WhisperMesh.Router.Tests.Fakes;
using WhisperMesh.Router.Workers;
using WhisperMesh.Speech.V1;
using WhisperMesh.Workers.V1;

namespace WhisperMesh.Router.Tests.Workers;

public sealed class KnownModelsTests : IAsyncLifetime
{
    private static readonly WorkerLease Large = Leases.Transcription("large", model: "whisper-large");
    private static readonly TimeSpan Memory = TimeSpan.FromMinutes(5);

    private readonly FakeTimeProvider _time = new();
    private readonly FakeDirectory _directory = new(Large);
    private readonly KnownModels _known;

    public KnownModelsTests()
    {
        _known = new KnownModels(_directory, Options.Create(new RouterOptions { GoneModelMemory = Memory }), _time);
    }

    public async ValueTask InitializeAsync() => await _known.StartAsync(TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync() => await _known.StopAsync(CancellationToken.None);

    [Theory]
    [InlineData(ModelKind.Transcription, "whisper-large", true)]
    [InlineData(ModelKind.Transcription, "whisper-1", true)]
    [InlineData(ModelKind.Synthesis, "whisper-large", false)]
    [InlineData(ModelKind.Transcription, "whisper-huge", false)]
    public void IsKnown_ServedNow_ByIdAndAliasOfItsKind(ModelKind kind, string name, bool expected) =>
        _known.IsKnown(kind, name).ShouldBe(expected);

    [Fact]
    public void IsKnown_WorkerGone_UntilTheMemoryFades()
    {
        // Long and uneventful service is no reason to forget sooner.
        _time.Advance(TimeSpan.FromHours(8));
        _directory.Workers = [];

        _time.Advance(Memory - TimeSpan.FromTicks(1));
        IsLargeKnown().ShouldBeTrue();
        _time.Advance(TimeSpan.FromTicks(1));
        IsLargeKnown().ShouldBeFalse();
    }

    [Fact]
    public void IsKnown_WorkerBack_TheMemoryStartsAnewWhenItGoesAgain()
    {
        _directory.Workers = [];
        _time.Advance(Memory / 2);
        _directory.Workers = [Large];
        _time.Advance(Memory * 2);
        IsLargeKnown().ShouldBeTrue();

        _directory.Workers = [];
        _time.Advance(Memory / 2);
        _directory.Workers = [Leases.Synthesis("other")];

        IsLargeKnown().ShouldBeTrue();
    }

    private bool IsLargeKnown() => _known.IsKnown(ModelKind.Transcription, "whisper-large");
}
