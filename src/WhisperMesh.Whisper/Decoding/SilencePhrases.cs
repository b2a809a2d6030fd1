using System.Collections.Frozen;

namespace WhisperMesh.Whisper.Decoding;

/// <summary>How a phrase made up in silence relates to speech.</summary>
internal enum SilencePhrase
{
    /// <summary>People say it, too.</summary>
    Spoken,

    /// <summary>A line of subtitles that nobody says.</summary>
    Credit,
}

/// <summary>
/// What Whisper writes where nobody speaks. It was trained on subtitles of the web, whose silences hold credits and farewells. Only a
/// whole segment counts, letters and digits compared without case; one without any is such a phrase, too.
/// </summary>
internal static class SilencePhrases
{
    private static readonly string[] Credits =
    [
        // English
        "Subtitles by the Amara.org community", "Subtitles by Amara.org", "Transcribed by https://otter.ai",
        "Transcription by CastingWords", "Subtitles by SteamTeamExtra", "Translated by Releska",
        // German, Dutch, Scandinavian
        "Untertitel der Amara.org-Community", "Untertitel von Stephanie Geiges", "Untertitel im Auftrag des ZDF für funk, 2017",
        "Untertitelung des ZDF, 2020", "Untertitelung. BR 2018", "Ondertitels ingediend door de Amara.org gemeenschap",
        "Ondertiteld door de Amara.org gemeenschap", "Undertexter från Amara.org-gemenskapen",
        "Textning Stina Hedin www.btistudios.com", "Teksting av Nicolai Winther", "Danske tekster af Nicolai Winther",
        // Romance
        "Sous-titres réalisés par la communauté d'Amara.org", "Sous-titres réalisés para la communauté d'Amara.org",
        "Sous-titrage Société Radio-Canada", "Sous-titrage ST' 501", "Sous-titrage FR",
        "Sottotitoli creati dalla comunità Amara.org", "Sottotitoli e revisione a cura di QTSS", "Sottotitoli a cura di QTSS",
        "Subtítulos realizados por la comunidad de Amara.org", "Subtítulos por la comunidad de Amara.org",
        "Subtitulado por la comunidad de Amara.org", "Subtítulos en español de Amara.org", "Legendas pela comunidade Amara.org",
        "Legenda Adriana Zanotto",
        // Slavic
        "Продолжение следует", "Субтитры сделал DimaTorzok", "Субтитры создавал DimaTorzok", "Субтитры подготовил DimaTorzok",
        "Редактор субтитров А.Семкин Корректор А.Егорова", "Редактор субтитров А.Синецкая Корректор А.Егорова",
        "Napisy stworzone przez społeczność Amara.org", "Zdjęcia i napisy stworzone przez społeczność Amara.org",
        "Titulky vytvořil JohnyX", "Спокойная музыка", "Весёлая музыка", "Веселая музыка", "Динамичная музыка", "Тревожная музыка",
        "Торжественная музыка", "Грустная музыка", "Играет музыка", "Аплодисменты",
        // Others
        "Altyazı M.K.", "Υπότιτλοι AUTHORWAVE", "ترجمة نانسي قنقر", "字幕由Amara.org社区提供", "字幕由 Amara.org 社群提供",
        "中文字幕志愿者 杨茜茜", "字幕by索兰娅", "請不吝點贊 訂閱 轉發 打賞支持明鏡與點點欄目", "MBC 뉴스 이덕영입니다",
    ];

    private static readonly string[] Farewells =
    [
        "you", "y", "e", "ん", "Thank you", "Thanks", "Bye", "Bye bye", "Okay", "So", "The end", "Thanks for watching", "Thank you for watching",
        "Thank you so much for watching", "Thank you very much", "I'll see you next time", "See you next time",
        "Please subscribe to my channel", "Please like and subscribe", "Don't forget to like and subscribe",
        "Vielen Dank", "Vielen Dank fürs Zuschauen", "Danke", "Tschüss", "Bedankt voor het kijken", "Tack för att ni tittade",
        "Merci", "Merci d'avoir regardé cette vidéo", "Merci d'avoir regardé", "Abonnez-vous", "Grazie", "Grazie per la visione",
        "Grazie a tutti", "Gracias", "Gracias por ver el video", "Suscríbete", "Suscríbete al canal", "Obrigado",
        "Obrigado por assistir", "E aí", "Спасибо", "Спасибо за просмотр", "Спасибо за внимание", "Подписывайтесь на канал",
        "Дякую за перегляд", "Dziękuję za uwagę", "Dziękuję za oglądanie", "Děkuji", "Köszönöm", "İzlediğiniz için teşekkürler",
        "اشتركوا في القناة", "شكرا", "ご視聴ありがとうございました", "ご視聴ありがとうございます", "最後までご視聴いただきありがとうございました",
        "チャンネル登録お願いします", "おやすみなさい", "谢谢观看", "谢谢大家", "謝謝觀看", "시청해주셔서 감사합니다", "감사합니다",
        "구독과 좋아요 부탁드립니다", "Cảm ơn các bạn đã theo dõi", "Terima kasih telah menonton",
    ];

    private static readonly FrozenDictionary<string, SilencePhrase> Known = Farewells
        .Select(phrase => KeyValuePair.Create(Plain(phrase), SilencePhrase.Spoken))
        .Concat(Credits.Select(phrase => KeyValuePair.Create(Plain(phrase), SilencePhrase.Credit)))
        .ToFrozenDictionary();

    /// <summary>The longest that needs a look, letters alone.</summary>
    private static readonly int Longest = Known.Keys.Max(phrase => phrase.Length);

    /// <summary>All of them, as written.</summary>
    public static IEnumerable<string> All => Credits.Concat(Farewells);

    /// <summary>What kind of phrase the text is; null when it is none.</summary>
    public static SilencePhrase? Find(string text)
    {
        // Punctuation and spaces are less than half of any phrase.
        if (text.Length > 2 * Longest)
        {
            return null;
        }
        var plain = Plain(text);
        return plain.Length == 0 ? SilencePhrase.Spoken : Known.TryGetValue(plain, out var kind) ? kind : null;
    }

    private static string Plain(string text) => string.Concat(text.Where(char.IsLetterOrDigit)).ToLowerInvariant();
}
