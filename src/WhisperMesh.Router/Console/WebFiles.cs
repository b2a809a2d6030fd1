using System.Collections.Frozen;
using System.Reflection;

namespace WhisperMesh.Router.Console;

/// <summary>
/// The files of <c>wwwroot</c>. They are part of the assembly, so that the pages are there wherever the router is: run from the
/// repository, built, published or copied.
/// </summary>
internal static class WebFiles
{
    private const string Prefix = "wwwroot/";

    private static readonly FrozenDictionary<string, WebFile> All = Read();

    /// <summary>Sends a file, or says that there is none.</summary>
    /// <param name="context">The request.</param>
    /// <param name="path">Where it lies under <c>wwwroot</c>, such as <c>console/app.js</c>.</param>
    public static IResult Send(HttpContext context, string path)
    {
        if (!All.TryGetValue(path, out var file))
        {
            return TypedResults.NotFound();
        }

        PageHeaders.Set(context.Response.Headers);
        return TypedResults.Bytes(file.Content, file.ContentType, entityTag: file.Tag);
    }

    private static FrozenDictionary<string, WebFile> Read()
    {
        var assembly = Assembly.GetExecutingAssembly();

        // The build writes the separators of the machine that it ran on.
        return assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith(Prefix, StringComparison.Ordinal))
            .ToFrozenDictionary(name => name[Prefix.Length..].Replace('\\', '/'), name => Read(assembly, name), StringComparer.Ordinal);
    }

    private static WebFile Read(Assembly assembly, string name)
    {
        using var resource = assembly.GetManifestResourceStream(name)!;
        var content = new byte[resource.Length];
        resource.ReadExactly(content);
        return WebFile.Of(name, content);
    }
}
