using System.Net.Http.Json;
using System.Text.Json;

namespace WhisperMesh.IntegrationTests.Running;

/// <summary>The OpenAI-compatible API, as a plain HTTP client uses it.</summary>
internal static class HttpApi
{
    internal static MultipartFormDataContent Form(byte[] audio, string name, params (string Name, string Value)[] fields) =>
        Form(new ByteArrayContent(audio), name, fields);

    /// <summary>A form with its fields first, as most clients send it.</summary>
    internal static MultipartFormDataContent Form(HttpContent audio, string name, params (string Name, string Value)[] fields)
    {
        var form = new MultipartFormDataContent();
        foreach (var (field, value) in fields)
        {
            form.Add(new StringContent(value), field);
        }

        form.Add(audio, "file", name);
        return form;
    }

    internal static Task<HttpResponseMessage> TranscribeAsync(this Mesh mesh, HttpContent form, string task = "transcriptions") =>
        mesh.Http.PostAsync($"/v1/audio/{task}", form, TestContext.Current.CancellationToken);

    /// <summary>The text of a recording, which must succeed.</summary>
    internal static async Task<string> TextOfAsync(this Mesh mesh, byte[] audio, string name, string language = "en")
    {
        using var form = Form(audio, name, ("model", "whisper-1"), ("language", language), ("response_format", "text"));
        using var response = await mesh.TranscribeAsync(form);
        var body = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        response.IsSuccessStatusCode.ShouldBeTrue($"{name}: {(int)response.StatusCode} {body}\n{mesh.Logs()}");
        return body.Trim();
    }

    internal static Task<HttpResponseMessage> SpeakAsync(this Mesh mesh, object request) =>
        mesh.Http.PostAsJsonAsync("/v1/audio/speech", request, TestContext.Current.CancellationToken);

    /// <summary>The error of a reply that must be one.</summary>
    internal static async Task<JsonElement> ErrorAsync(this HttpResponseMessage response)
    {
        var body = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        response.IsSuccessStatusCode.ShouldBeFalse(body);
        var error = JsonDocument.Parse(body).RootElement.GetProperty("error");
        error.GetProperty("message").GetString().ShouldNotBeNullOrWhiteSpace();
        error.GetProperty("type").GetString().ShouldNotBeNullOrWhiteSpace();
        return error;
    }
}
