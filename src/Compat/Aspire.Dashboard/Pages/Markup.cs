using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Unicode;

namespace Aspire.Dashboard.Pages;

/// <summary>
/// HTML that is safe to send. It is made from interpolated strings whose literal parts are ours and whose holes are encoded,
/// unless they are markup themselves; so nothing that a sender wrote can become a tag or leave a quoted attribute.
/// </summary>
internal readonly struct Markup
{
    private static readonly HtmlEncoder Encoder = HtmlEncoder.Create(UnicodeRanges.All);

    private readonly string? _html;

    private Markup(string html) => _html = html;

    public static Markup Empty => default;

    public static Markup Of(Handler handler) => new(handler.ToString());

    public static Markup Join(IEnumerable<Markup> parts) => new(string.Concat(parts.Select(p => p._html)));

    public static Markup Each<T>(IEnumerable<T> items, Func<T, Markup> render) => Join(items.Select(render));

    public override string ToString() => _html ?? "";

    /// <summary>Writes literals as they are and holes encoded.</summary>
    [InterpolatedStringHandler]
    internal readonly ref struct Handler(int literalLength, int holes)
    {
        private readonly StringBuilder _text = new(literalLength + (holes * 16));

        public void AppendLiteral(string html) => _text.Append(html);

        public void AppendFormatted(Markup markup) => _text.Append(markup._html);

        public void AppendFormatted(string? text) => _text.Append(Encoder.Encode(text ?? ""));

        public void AppendFormatted(int number) => _text.Append(number);

        public void AppendFormatted(long number, string? format = null) =>
            _text.Append(number.ToString(format, CultureInfo.InvariantCulture));

        public void AppendFormatted(double number, string format) => _text.Append(number.ToString(format, CultureInfo.InvariantCulture));

        public override string ToString() => _text.ToString();
    }
}
