using System.Text.Json;
using FsCheck.Fluent;
using WhisperMesh.Router.Tests.Fakes;
using WhisperMesh.Router.Tests.Http;

namespace WhisperMesh.Router.Tests.Transcriptions;

public sealed class MultipartOrderTests : ApiTest
{
    [Fact]
    public async Task Transcriptions_PartsInAnyOrder_MeanTheSame()
    {
        string[] parts = ["file", "model", "language", "prompt", "temperature"];
        foreach (var order in Gen.Shuffle(parts).Sample(12))
        {
            using var form = new MultipartFormDataContent();
            foreach (var name in order)
            {
                form.Add(Part(name), name);
            }

            using var response = await PostAsync("transcriptions", form);

            var json = JsonDocument.Parse(await BodyAsync(response)).RootElement;
            json.GetProperty("text").GetString().ShouldBe("2016 bytes by one", string.Join(' ', order));
            Worker.Speech.Configs.TryDequeue(out var config).ShouldBeTrue();
            (config!.LanguageCode, config.Prompt, config.Temperature).ShouldBe(("de", "Grüße, 世界", 0.5f));
        }
    }

    private static ByteArrayContent Part(string name) => name switch
    {
        "file" => new ByteArrayContent(Forms.Wav),
        "language" => new StringContent("de"),
        "prompt" => new StringContent("Grüße, 世界"),
        "temperature" => new StringContent("0.5"),
        _ => new StringContent("whisper-1"),
    };
}
