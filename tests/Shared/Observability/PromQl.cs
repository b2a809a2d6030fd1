using System.Text.RegularExpressions;

namespace WhisperMesh.Tests.Shared.Observability;

/// <summary>Finds what a PromQL expression names. It reads as much of the language as our files use, and refuses the rest.</summary>
internal static partial class PromQl
{
    private static readonly string[] Words = ["and", "or", "unless", "bool", "offset", "inf", "nan"];
    private static readonly string[] Groupings = ["by", "without", "on", "ignoring", "group_left", "group_right"];

    public static IReadOnlyList<MetricSelector> SelectorsOf(string expression)
    {
        var selectors = new List<MetricSelector>();
        var tokens = Tokens(expression);
        for (var i = 0; i < tokens.Count; i++)
        {
            var (token, next) = (tokens[i], i + 1 < tokens.Count ? tokens[i + 1] : "");
            if (Groupings.Contains(token))
            {
                i = tokens.IndexOf(")", i);
            }
            else if (IsName(token) && next != "(" && !Words.Contains(token))
            {
                selectors.Add(new MetricSelector(token, next.StartsWith('{') ? [.. Matchers().Matches(next).Select(match => match.Groups[1].Value)] : []));
            }
        }

        return selectors;
    }

    public static IReadOnlyList<string> GroupsOf(string expression)
    {
        var tokens = Tokens(expression);
        return
        [
            .. tokens
                .Select((token, index) => (token, index))
                .Where(pair => Groupings.Contains(pair.token) && tokens[pair.index + 1] == "(")
                .SelectMany(pair => tokens.Skip(pair.index + 2).TakeWhile(token => token != ")"))
                .Where(IsName)
                .Distinct(),
        ];
    }

    private static bool IsName(string token) => char.IsAsciiLetter(token[0]) || token[0] is '_' or ':';

    private static List<string> Tokens(string expression)
    {
        var tokens = new List<string>();
        for (var at = 0; at < expression.Length;)
        {
            var match = Token().Match(expression, at);
            if (!match.Success)
            {
                throw new FormatException($"'{expression[at..]}' is not understood, in {expression}");
            }

            at += match.Length;
            if (!string.IsNullOrWhiteSpace(match.Value))
            {
                tokens.Add(match.Value);
            }
        }

        return tokens.Count(token => token == "(") == tokens.Count(token => token == ")")
            ? tokens
            : throw new FormatException($"Brackets do not match in {expression}");
    }

    // Space, name, matchers, range, number, text, operator.
    [GeneratedRegex(@"\G(?:\s+|[a-zA-Z_:][a-zA-Z0-9_:]*|\{[^{}]*\}|\[[^\[\]]+\]|[0-9.]+(?:[eE][+-]?[0-9]+)?[smhd]?|""[^""]*""|[-+*/%^(),]|[<>=!]=?)")]
    private static partial Regex Token();

    [GeneratedRegex(@"([a-zA-Z_][a-zA-Z0-9_]*)\s*(?:=~|!~|!=|=)\s*""")]
    private static partial Regex Matchers();
}
