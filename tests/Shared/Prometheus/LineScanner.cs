using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace WhisperMesh.Tests.Shared.Prometheus;

/// <summary>Reads one line from left to right and allows nothing that the format does not.</summary>
internal sealed partial class LineScanner(string line)
{
    private int _at;

    public bool IsAtEnd => _at == line.Length;

    public string Rest()
    {
        var rest = line[_at..];
        _at = line.Length;
        return rest;
    }

    public bool Accepts(string text)
    {
        if (!line.AsSpan(_at).StartsWith(text, StringComparison.Ordinal))
        {
            return false;
        }

        _at += text.Length;
        return true;
    }

    public void Expect(string text)
    {
        if (!Accepts(text))
        {
            throw Error($"'{text}' is missing");
        }
    }

    public string MetricName() => Match(MetricNamePattern(), "a metric's name");

    public double Number()
    {
        var text = Match(NumberPattern(), "a number");
        return text switch
        {
            "+Inf" => double.PositiveInfinity,
            "-Inf" => double.NegativeInfinity,
            "NaN" => double.NaN,
            _ => double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture),
        };
    }

    /// <summary>What stands in braces; empty where there are none.</summary>
    public Dictionary<string, string> Labels()
    {
        var labels = new Dictionary<string, string>(StringComparer.Ordinal);
        if (!Accepts("{") || Accepts("}"))
        {
            return labels;
        }

        do
        {
            var name = Match(LabelNamePattern(), "a label's name");
            Expect("=\"");
            if (!labels.TryAdd(name, Quoted()))
            {
                throw Error($"the label {name} stands there twice");
            }
        }
        while (Accepts(","));
        Expect("}");
        return labels;
    }

    public FormatException Error(string what) => new($"{what} at {_at}: {line}");

    private string Quoted()
    {
        var value = new StringBuilder();
        while (_at < line.Length)
        {
            var character = line[_at++];
            switch (character)
            {
                case '"':
                    return value.ToString();
                case '\\':
                    value.Append((_at < line.Length ? line[_at++] : '\0') switch
                    {
                        '\\' => '\\',
                        '"' => '"',
                        'n' => '\n',
                        var other => throw Error($"'\\{other}' is no escape"),
                    });
                    break;
                default:
                    value.Append(character);
                    break;
            }
        }

        throw Error("the label's value does not end");
    }

    private string Match(Regex pattern, string what)
    {
        var match = pattern.Match(line, _at);
        if (!match.Success)
        {
            throw Error($"{what} is missing");
        }

        _at += match.Length;
        return match.Value;
    }

    [GeneratedRegex(@"\G[a-zA-Z_:][a-zA-Z0-9_:]*")]
    private static partial Regex MetricNamePattern();

    [GeneratedRegex(@"\G[a-zA-Z_][a-zA-Z0-9_]*")]
    private static partial Regex LabelNamePattern();

    [GeneratedRegex(@"\G(?:[+-]?(?:[0-9]+(?:\.[0-9]*)?(?:[eE][+-]?[0-9]+)?)|[+-]Inf|NaN)(?=$|[ ])")]
    private static partial Regex NumberPattern();
}
