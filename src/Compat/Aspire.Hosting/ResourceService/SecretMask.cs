using System.Text.RegularExpressions;

namespace Aspire.Hosting.ResourceService;

/// <summary>
/// Takes secrets out of environment variables before anybody sees them: all of a value whose name says that it is one, and of any value
/// the parts that say so themselves, such as the password of a connection string or of an address.
/// </summary>
internal static partial class SecretMask
{
    public const string Mask = "••••••";

    public static ResourceVariable Apply(string name, string value)
    {
        var shown = value.Length > 0 && SecretName().IsMatch(name) && !HarmlessName().IsMatch(name)
            ? Mask
            : SecretPart().Replace(UserPart().Replace(value, "${before}" + Mask + "@"), "${before}" + Mask);
        return new ResourceVariable(name, shown, shown != value);
    }

    [GeneratedRegex(
        "key|secret|passw|passphrase|pwd|token|credential|headers|cookie|signature|private",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex SecretName();

    // Names of files and switches, which tell nothing.
    [GeneratedRegex("(file|path|required|enabled|mode)$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex HarmlessName();

    // password=… in a connection string, key=… in a header list; up to the separator or, quoted, up to the quote.
    [GeneratedRegex(
        """(?<before>(?:password|pwd|passwd|secret|token|[a-z_-]*key|sig)\s*=\s*)(?:"[^"]*"|'[^']*'|[^,;&\s]+)""",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex SecretPart();

    // user:password@ in an address.
    [GeneratedRegex(@"(?<before>://[^/@:\s]*:)[^/@\s]+@", RegexOptions.CultureInvariant)]
    private static partial Regex UserPart();
}
