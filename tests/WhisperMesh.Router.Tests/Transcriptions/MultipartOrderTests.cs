using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using WhisperMesh.Router.Tests.Fakes;
using WhisperMesh.Router.Tests.Http;

namespace WhisperMesh.Router.Tests.Transcriptions;

public sealed class MultipartOrderTests : ApiTest
{
    private static readonly string[] Optional = ["model", "language", "prompt", "temperature", "response_format", "keywords[]", "best_of"];

    [Fact]
    public void Transcriptions_PartsInAnyOrder_MeanTheSame()
    {
        var forms =
            from chosen in Gen.SubListOf(Optional)
            from order in Gen.Shuffle(chosen.Append("file").ToArray())
            select order;
        Prop.ForAll(forms.ToArbitrary(), MeansTheSame).QuickCheckThrowOnFailure();
    }

    // Properties are synchronous; the request runs on the pool meanwhile.
    private bool MeansTheSame(string[] parts) => Task.Run(() => MeansTheSameAsync(parts)).GetAwaiter().GetResult();

    private async Task<bool> MeansTheSameAsync(string[] parts)
    {
        using var form = new MultipartFormDataContent();
        foreach (var name in parts)
        {
            form.Add(Part(name), name);
        }

        using var response = await PostAsync("transcriptions", form);

        using var json = JsonDocument.Parse(await BodyAsync(response));
        json.RootElement.GetProperty("text").GetString().ShouldBe("2016 bytes by one");
        json.RootElement.TryGetProperty("segments", out _).ShouldBe(parts.Contains("response_format"));
        Worker.Speech.Configs.TryDequeue(out var config).ShouldBeTrue();
        config!.LanguageCode.ShouldBe(parts.Contains("language") ? "de" : "");
        config.Prompt.ShouldBe(parts.Contains("prompt") ? "Grüße, 世界" : "");
        config.Temperature.ShouldBe(parts.Contains("temperature") ? 0.5f : 0);
        config.Keywords.ShouldBe(parts.Contains("keywords[]") ? ["世界"] : Array.Empty<string>());
        config.BestOf.ShouldBe(parts.Contains("best_of") ? 2 : 0);
        return true;
    }

    private static ByteArrayContent Part(string name) => name switch
    {
        "file" => new ByteArrayContent(Forms.Wav),
        "language" => new StringContent("de"),
        "prompt" => new StringContent("Grüße, 世界"),
        "temperature" => new StringContent("0.5"),
        "keywords[]" => new StringContent("世界"),
        "best_of" => new StringContent("2"),
        "response_format" => new StringContent("verbose_json"),
        _ => new StringContent("whisper-1"),
    };
}
