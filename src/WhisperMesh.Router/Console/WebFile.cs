using System.Security.Cryptography;
using Microsoft.AspNetCore.StaticFiles;
using Microsoft.Net.Http.Headers;

namespace WhisperMesh.Router.Console;

/// <summary>A file that browsers get: its bytes, what they are, and a tag that changes with them.</summary>
internal sealed record WebFile(byte[] Content, string ContentType, EntityTagHeaderValue Tag)
{
    private static readonly FileExtensionContentTypeProvider ContentTypes = new();

    public static WebFile Of(string path, byte[] content) => new(
        content,
        ContentTypes.TryGetContentType(path, out var type) ? WithCharset(type) : "application/octet-stream",
        new EntityTagHeaderValue($"\"{Convert.ToHexStringLower(SHA256.HashData(content))[..16]}\""));

    private static string WithCharset(string type) =>
        type.StartsWith("text/", StringComparison.Ordinal) ? type + "; charset=utf-8" : type;
}
