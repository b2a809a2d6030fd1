using WhisperMesh.Router.Routing.Configuration;
using WhisperMesh.Router.Upstreams;

namespace WhisperMesh.Router.Tests.Upstreams;

public sealed class UpstreamsCheckTests
{
    private static readonly UpstreamSettings Good = new()
    {
        Name = "cloud",
        Address = "https://api.example.com/v1",
        Models = [new() { Id = "whisper-1" }],
    };

    public static TheoryData<string> BadAddresses => ["", "api.example.com", "ftp://example.com", "https://user@example.com", "https://example.com/?a=b", "https://example.com/#a"];

    [Fact]
    public void Check_GoodUpstreams_FindsNothing()
    {
        var speaking = new UpstreamModelSettings { Id = "tts-1", Features = ["synthesize"], Voices = ["nova"] };
        var mesh = new UpstreamModelSettings { Id = "whisper-base", Features = ["transcribe", "word-timestamps"], Fields = ["*"] };

        Errors(Good, Good with { Name = "other", Address = "http://127.0.0.1:9000/v1", Models = [speaking, mesh] }).ShouldBeEmpty();
    }

    [Theory]
    [MemberData(nameof(BadAddresses))]
    public void Check_BadAddress_IsNamed(string address) =>
        Errors(Good with { Address = address }).ShouldHaveSingleItem().ShouldStartWith("upstreams[0].address: ");

    [Fact]
    public void Check_MissingKey_NamesTheVariable() =>
        Errors(Good with { KeyEnvironment = "WHISPERMESH_TEST_NO_SUCH_KEY" })
            .ShouldBe(["upstreams[0].keyEnvironment: the environment variable 'WHISPERMESH_TEST_NO_SUCH_KEY' is not set."]);

    [Fact]
    public void Check_KeyThatIsNoKey_IsNotShown()
    {
        Environment.SetEnvironmentVariable("WHISPERMESH_TEST_ODD_KEY", "sk-secret\nx: y");

        var error = Errors(Good with { KeyEnvironment = "WHISPERMESH_TEST_ODD_KEY" }).ShouldHaveSingleItem();

        error.ShouldContain("WHISPERMESH_TEST_ODD_KEY");
        error.ShouldNotContain("sk-secret");
    }

    [Fact]
    public void Check_EveryError_IsFoundAtOnce()
    {
        var bad = new UpstreamSettings
        {
            Name = "a b",
            Address = "https://example.com",
            Capacity = 0,
            RequestsPerMinute = 0,
            MaxUploadBytes = 0,
            Timeout = TimeSpan.Zero,
            PricePerMinute = -1,
            Weight = double.NaN,
            Tier = -1,
            Models =
            [
                new() { Id = "" },
                new() { Id = "m", Features = ["sing"], Fields = ["colour"], ResponseFormat = "srt", PcmSampleRateHz = 1 },
                new() { Id = "m", Features = ["transcribe", "word-timestamps"], ResponseFormat = "json", Voices = ["nova"] },
            ],
        };

        Errors(bad, bad with { Name = "two", Models = [] }, Good with { Name = "TWO" }).Select(error => error.Split(':')[0]).ShouldBe(
            [
                "upstreams[0].name", "upstreams[0].capacity", "upstreams[0].requestsPerMinute", "upstreams[0].maxUploadBytes",
                "upstreams[0].timeout", "upstreams[0].pricePerMinute", "upstreams[0].weight", "upstreams[0].tier",
                "upstreams[0].models[0].id", "upstreams[0].models[1].features", "upstreams[0].models[1].features",
                "upstreams[0].models[1].fields", "upstreams[0].models[1].responseFormat", "upstreams[0].models[1].pcmSampleRateHz",
                "upstreams[0].models[2].as", "upstreams[0].models[2].responseFormat", "upstreams[0].models[2].voices",
                "upstreams[1].capacity", "upstreams[1].requestsPerMinute", "upstreams[1].maxUploadBytes", "upstreams[1].timeout",
                "upstreams[1].pricePerMinute", "upstreams[1].weight", "upstreams[1].tier", "upstreams[1].models", "upstreams[2].name",
            ],
            ignoreOrder: true);
    }

    private static List<string> Errors(params UpstreamSettings[] upstreams) =>
        [.. new UpstreamsCheck().Check(new MeshConfiguration { Upstreams = upstreams })];
}
