using System.Text.RegularExpressions;

namespace WhisperMesh.Router.Routing.Configuration.Checks;

/// <summary>Checks of single values, each giving the sentence that it fails with.</summary>
internal static partial class Values
{
    public const string AutoLanguage = "auto";

    public static readonly IReadOnlyList<string> Classes = ["live", "interactive", "bulk"];
    public static readonly IReadOnlyList<string> Tasks = ["transcribe", "translate", "synthesize"];

    public static IEnumerable<string> Language(string path, string code) =>
        Fail(!LanguageCode().IsMatch(code), $"{path}: '{code}' is no language code such as \"en\" or \"pt-BR\".");

    public static IEnumerable<string> Positive(string path, double? number) =>
        Fail(number is { } value && !(value > 0 && double.IsFinite(value)), $"{path}: must be above 0.");

    public static IEnumerable<string> Positive(string path, TimeSpan? duration) =>
        Fail(duration <= TimeSpan.Zero, $"{path}: must be longer than 0.");

    public static IEnumerable<string> Share(string path, double number) =>
        Fail(!(number is >= 0 and <= 1), $"{path}: must be between 0 and 1.");

    public static IEnumerable<string> Text(string path, string? text) =>
        Fail(text is not null && string.IsNullOrWhiteSpace(text), $"{path}: must not be empty.");

    public static IEnumerable<string> OneOf(string path, string? value, IReadOnlyCollection<string> known) =>
        Fail(value is not null && !known.Contains(value), $"{path}: '{value}' is none of {string.Join(", ", known)}.");

    public static IEnumerable<string> HeaderName(string path, string name) =>
        Fail(!Header().IsMatch(name), $"{path}: '{name}' is no name of a header.");

    /// <summary>The same check for each entry of a list.</summary>
    public static IEnumerable<string> Each(string path, IEnumerable<string>? values, Func<string, string, IEnumerable<string>> check) =>
        (values ?? []).SelectMany((value, index) => check($"{path}[{index}]", value));

    public static IEnumerable<string> Labels(string path, IReadOnlyDictionary<string, string> labels) =>
        labels.Keys.SelectMany(key => Fail(string.IsNullOrWhiteSpace(key), $"{path}: a label has no name."));

    public static IEnumerable<string> Fail(bool failed, string message) => failed ? [message] : [];

    [GeneratedRegex("^[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*$")]
    private static partial Regex LanguageCode();

    [GeneratedRegex("^[A-Za-z0-9!#$%&'*+.^_`|~-]+$")]
    private static partial Regex Header();
}
