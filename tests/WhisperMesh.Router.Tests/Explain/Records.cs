using System.Net;
using System.Text.Json;
using WhisperMesh.Router.Tests.Fakes;

namespace WhisperMesh.Router.Tests.Explain;

/// <summary>Asks routers what became of requests.</summary>
internal static class Records
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>The record of a request that has been answered: its reply may be here before its router is done with it.</summary>
    public static async Task<JsonElement> RecordAsync(this RouterHost router, string id)
    {
        JsonElement record = default;
        await Bounds.UntilAsync(async () =>
        {
            record = await router.NowAsync(id);
            return record.GetProperty("state").GetString() != "running";
        });
        return record;
    }

    /// <summary>The record as it is now.</summary>
    public static async Task<JsonElement> NowAsync(this RouterHost router, string id)
    {
        using var response = await router.Http.GetAsync($"/v1/requests/{id}", Token).Bounded();
        var body = await response.Content.ReadAsStringAsync(Token);
        response.StatusCode.ShouldBe(HttpStatusCode.OK, body);
        return JsonDocument.Parse(body).RootElement;
    }

    /// <summary>Ids of the latest requests.</summary>
    public static async Task<string?[]> ListAsync(this RouterHost router, string query = "")
    {
        using var response = await router.Http.GetAsync($"/v1/requests{query}", Token).Bounded();
        var body = await response.Content.ReadAsStringAsync(Token);
        response.StatusCode.ShouldBe(HttpStatusCode.OK, body);
        return [.. JsonDocument.Parse(body).RootElement.GetProperty("data").EnumerateArray().Select(line => line.GetProperty("request_id").GetString())];
    }

    /// <summary>Transcribes a file under a name.</summary>
    public static async Task<HttpResponseMessage> TranscribeAsync(this RouterHost router, string id, params (string Name, string Value)[] fields)
    {
        using var form = Forms.Of(fields);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/audio/transcriptions") { Content = form };
        request.Headers.Add("x-request-id", id);
        return await router.Http.SendAsync(request, Token).Bounded();
    }

    public static string? Text(this JsonElement element, string property) => element.GetProperty(property).GetString();

    public static JsonElement[] Items(this JsonElement element, string property) => [.. element.GetProperty(property).EnumerateArray()];
}
