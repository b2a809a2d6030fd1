using System.Net.Http.Headers;
using System.Text;

namespace WhisperMesh.Router.Tests.Fakes;

/// <summary>Multipart forms as clients send them.</summary>
internal static class Forms
{
    /// <summary>The first bytes of a WAV file, which is all that the router looks at.</summary>
    public static byte[] Wav { get; } = [.. "RIFF"u8, 36, 0, 0, 0, .. "WAVEfmt "u8, .. new byte[2000]];

    public static MultipartFormDataContent Of(params (string Name, string Value)[] fields) => WithFile(Wav, fields);

    public static MultipartFormDataContent WithFile(byte[]? file, params (string Name, string Value)[] fields)
    {
        var form = new MultipartFormDataContent();
        foreach (var (name, value) in fields)
        {
            form.Add(new StringContent(value, Encoding.UTF8) { Headers = { ContentType = null } }, name);
        }

        if (file is not null)
        {
            var content = new ByteArrayContent(file) { Headers = { ContentType = new MediaTypeHeaderValue("audio/wav") } };
            form.Add(content, "file", "speech.wav");
        }

        return form;
    }
}
