using System.Text.Json;

namespace WhisperMesh.Router.Routing.Configuration;

/// <summary>Makes a configuration of a file's bytes, or says everything that is wrong with it.</summary>
internal sealed class ConfigurationReader(IEnumerable<IMeshConfigurationCheck> checks)
{
    private readonly IMeshConfigurationCheck[] _checks = [.. checks];

    public ConfigurationReading Read(ReadOnlyMemory<byte> json)
    {
        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(json, MeshConfigurationJson.Syntax);
        }
        catch (JsonException exception)
        {
            return new ConfigurationReading(MeshConfiguration.Empty, [Syntax(exception)]);
        }

        using (document)
        {
            var shape = new ConfigurationShape();
            var fitting = shape.Fit(document.RootElement, MeshConfigurationJson.Root);
            if (shape.IsTorn)
            {
                return new ConfigurationReading(MeshConfiguration.Empty, shape.Errors);
            }

            var configuration = JsonSerializer.Deserialize(fitting, MeshConfigurationJson.Root)!;
            var errors = _checks.SelectMany(check => check.Check(configuration)).Distinct().Where(error => !Follows(error, shape.Errors));
            return new ConfigurationReading(configuration, [.. shape.Errors, .. errors]);
        }
    }

    // What is said of a whole of which a part was left out, may come of that.
    private static bool Follows(string error, IReadOnlyList<string> shapeErrors)
    {
        var whole = error[..(error.IndexOf(':') is >= 0 and var end ? end : 0)] + ".";
        return shapeErrors.Any(part => part.StartsWith(whole, StringComparison.Ordinal));
    }

    private static string Syntax(JsonException exception)
    {
        // The reader appends the place, counted from zero, to what it says.
        var message = exception.Message.Split(" LineNumber:")[0].TrimEnd('.');
        return $"line {exception.LineNumber + 1}, column {exception.BytePositionInLine + 1}: {message}.";
    }
}

/// <summary>What was read.</summary>
/// <param name="Configuration">To be used where there are no errors.</param>
/// <param name="Errors">One sentence each.</param>
internal sealed record ConfigurationReading(MeshConfiguration Configuration, IReadOnlyList<string> Errors);
