using WhisperMesh.Router.Tenants.Budgets;

namespace WhisperMesh.Router.Tests.Tenants;

public sealed class RateLimitHeadersTests
{
    [Theory]
    [InlineData(0, "1s")]
    [InlineData(0.2, "1s")]
    [InlineData(8, "8s")]
    [InlineData(59.1, "1m0s")]
    [InlineData(360, "6m0s")]
    [InlineData(3725, "1h2m5s")]
    [InlineData(86_400, "24h0m0s")]
    public void Reset_InWholeSeconds_ReadsAsOpenAiWritesIt(double seconds, string text) =>
        RateLimitHeaders.Reset(TimeSpan.FromSeconds(seconds)).ShouldBe(text);

    [Fact]
    public void Of_TenantAndKey_TheOneThatLeavesLessCounts()
    {
        BudgetStanding[] standings =
        [
            new(new Budget(BudgetKind.Requests, 100, "tenant", OfKey: false), 95, TimeSpan.FromSeconds(10)),
            new(new Budget(BudgetKind.Requests, 10, "key", OfKey: true), 1, TimeSpan.FromSeconds(50)),
            new(new Budget(BudgetKind.Audio, 60_000, "audio", OfKey: true), 70_000, TimeSpan.FromHours(1)),
            new(new Budget(BudgetKind.Streams, 3, "streams", OfKey: true), 1, TimeSpan.Zero),
        ];

        RateLimitHeaders.Of(standings).ToDictionary(header => header.Name, header => header.Value).ShouldBe(
            new Dictionary<string, string>
            {
                ["x-ratelimit-limit-requests"] = "100",
                ["x-ratelimit-remaining-requests"] = "5",
                ["x-ratelimit-reset-requests"] = "10s",
                ["x-ratelimit-limit-audio-seconds"] = "60",
                ["x-ratelimit-remaining-audio-seconds"] = "0",
                ["x-ratelimit-reset-audio-seconds"] = "1h0m0s",
                ["x-ratelimit-limit-streams"] = "3",
                ["x-ratelimit-remaining-streams"] = "2",
            },
            ignoreOrder: true);
    }
}
