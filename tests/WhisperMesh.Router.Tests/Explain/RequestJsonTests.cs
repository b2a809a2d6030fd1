using System.Text.Json;
using Google.Protobuf.WellKnownTypes;
using WhisperMesh.Requests.V1;
using WhisperMesh.Router.Explain.Taking;
using WhisperMesh.Router.Explain.Telling;
using WhisperMesh.Router.Tests.Fakes;
using WhisperMesh.Router.Tests.Http;
using WhisperMesh.Speech.V1;

namespace WhisperMesh.Router.Tests.Explain;

public sealed class RequestJsonTests : ApiTest
{
    [Fact]
    public void Of_Record_HasSecondsWordsAndNothingThatIsNotSet()
    {
        var record = new RequestRecord
        {
            Line = new RequestLine { RequestId = "r1", State = RequestState.Served, TotalDuration = Duration.FromTimeSpan(TimeSpan.FromSeconds(1.5)) },
            Route = new RouteTaken { Name = "default", Cache = CacheResult.Hit },
            Segments = { new SegmentScores { Verdict = SegmentVerdict.SuspectedLoop, Confidence = 0.7f, StartOffset = new Duration { Seconds = 2 } } },
        };

        var json = JsonDocument.Parse(RequestJson.Of(record)).RootElement;

        (json.Text("object"), json.Text("state"), json.GetProperty("total_seconds").GetDouble()).ShouldBe(("request", "served", 1.5));
        json.TryGetProperty("real_time_factor", out _).ShouldBeFalse();
        json.TryGetProperty("audio_seconds", out _).ShouldBeFalse();
        json.TryGetProperty("cache", out _).ShouldBeFalse();
        json.GetProperty("route").Text("cache").ShouldBe("hit");
        var segment = json.Items("segments").ShouldHaveSingleItem();
        (segment.Text("verdict"), segment.GetProperty("confidence").GetDouble(), segment.GetProperty("start_seconds").GetDouble()).ShouldBe(("suspected_loop", 0.7, 2));
        json.Items("attempts").ShouldBeEmpty();
    }

    [Fact]
    public async Task OpenApi_Record_HasEveryPropertyOfTheReply()
    {
        using var document = JsonDocument.Parse(await Router.Http.GetStringAsync("/openapi/v1.json", TestContext.Current.CancellationToken));
        var paths = document.RootElement.GetProperty("paths");
        var record = Schema(paths, "/v1/requests/{id}");
        await Router.TranscribeAsync("r1");

        var reply = await Router.RecordAsync("r1");

        var described = record.GetProperty("properties").EnumerateObject().Select(property => property.Name).ToHashSet();
        reply.EnumerateObject().Select(property => property.Name).ShouldBeSubsetOf(described);
        record.GetProperty("required").EnumerateArray().Select(name => name.GetString()!).ShouldBeSubsetOf(
            reply.EnumerateObject().Select(property => property.Name));
        Schema(paths, "/v1/requests").GetProperty("properties").TryGetProperty("data", out _).ShouldBeTrue();
    }

    [Fact]
    public void ScoreSheet_MoreThanAreTold_TheDoubtfulAndLeastSureAreKept()
    {
        var sheet = new ScoreSheet();
        for (var i = 0; i < 10; i++)
        {
            var segment = Events.Plain(i, i, 1, "");
            (segment.Confidence, segment.Verdict) = (i / 10f, i == 9 ? SegmentVerdict.LowConfidence : SegmentVerdict.Ok);
            sheet.Add(Score.Of(segment, keepsText: false));
        }

        sheet.Pick(3).Select(score => score.Index).ShouldBe([0, 1, 9]);
        (sheet.Count, sheet.DoubtfulCount).ShouldBe((10, 1));
    }

    private static JsonElement Schema(JsonElement paths, string path)
    {
        var schema = paths.GetProperty(path).GetProperty("get").GetProperty("responses").GetProperty("200")
            .GetProperty("content").GetProperty("application/json").GetProperty("schema");
        return schema;
    }
}
