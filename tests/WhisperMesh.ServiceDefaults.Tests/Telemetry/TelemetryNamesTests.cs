using System.Reflection;
using WhisperMesh.ServiceDefaults.Telemetry;

namespace WhisperMesh.ServiceDefaults.Tests.Telemetry;

public sealed class TelemetryNamesTests
{
    private static readonly string Document = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "telemetry-names.md"));

    public static TheoryData<string> Groups => [.. typeof(TelemetryNames).GetNestedTypes(BindingFlags.NonPublic).Select(type => type.Name)];

    [Theory]
    [MemberData(nameof(Groups))]
    public void Names_OfEachGroup_AreDescribedInTheDocument(string group) =>
        NamesOf(group).Where(name => !Document.Contains(name, StringComparison.Ordinal)).ShouldBeEmpty();

    [Theory]
    [MemberData(nameof(Groups))]
    public void Names_OfEachGroup_AreDifferent(string group) => NamesOf(group).ShouldBeUnique();

    [Fact]
    public void Names_OfMeasuresAndAttributes_KeepToTheConventions()
    {
        NamesOf("Metrics").ShouldAllBe(name => name.StartsWith("whispermesh.", StringComparison.Ordinal) && IsLower(name));
        NamesOf("Metrics").ShouldNotContain(name => name.EndsWith("_total", StringComparison.Ordinal) || name.EndsWith("_seconds", StringComparison.Ordinal));
        NamesOf("Attributes").ShouldAllBe(name => IsLower(name) && (name.StartsWith("whispermesh.", StringComparison.Ordinal) || name == "error.type"));
    }

    private static bool IsLower(string name) => name.All(sign => sign is '.' or '_' or (>= 'a' and <= 'z'));

    private static List<string> NamesOf(string group)
    {
        var fields = typeof(TelemetryNames).GetNestedType(group, BindingFlags.NonPublic)!.GetFields(BindingFlags.Public | BindingFlags.Static);
        fields.ShouldNotBeEmpty();
        return [.. fields.Select(field => (string)field.GetRawConstantValue()!)];
    }
}
