"""Small exports written after those of real systems: each is known by its content and read right.

No row is copied; the layouts are those of public samples and manuals of the systems named.
"""

from __future__ import annotations

import gzip
import json
import zipfile
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

import openpyxl
import pytest

from index.feeds.detect import open_feed
from index.feeds.rows import Elsewhere, FeedOptions, FeedRow, LocalPicture, Reject
from index.model.items import Availability, CatalogItem, Unplaced

A, B, C = (f"https://cdn.shop.example/{name}.jpg" for name in "abc")

WIX = f"""handleId,fieldType,name,description,productImageUrl,collection,sku,ribbon,price,surcharge,visible,discountMode,discountValue,inventory,weight,productOptionName1,productOptionType1,productOptionDescription1,productOptionName2,productOptionType2,productOptionDescription2,brand
p_1,Product,Linen dress,<p>Soft &amp; cool</p>,a1_b2~mv2.jpg;{B},Women;Dresses,,,80,,true,PERCENT,25,InStock,,Size,DROP_DOWN,S;M,Color,COLOR,#ffffff:White,Mara
p_1,Variant,,,,,LD-S,,,0,,,,12,,,,S,,,#ffffff:White,
p_1,Variant,,,,,LD-M,,,5,,,,0,,,,M,,,#ffffff:White,
p_2,Product,Straw hat,,{A},Hats,HAT,,30,,true,PERCENT,0,InStock,,,,,,,,
p_3,Product,Wool scarf,,{A},Scarves,SC,,30,,false,PERCENT,0,InStock,,,,,,,,
"""
WIX_NEW = f"""handle,fieldType,name,visible,plainDescription,media,brand,price,strikethroughPrice,inventory,sku,productOptionName1,productOptionType1,productOptionChoices1
tee,PRODUCT,Boxy tee,TRUE,Soft,{A},Mara,20,25,,,Size,TEXT_CHOICES,S;M
tee,MEDIA,,,,{B},,,,,,,,
tee,VARIANT,,,,,,20,25,IN_STOCK,T-S,Size,TEXT_CHOICES,S
tee,VARIANT,,,,,,20,25,OUT_OF_STOCK,T-M,Size,TEXT_CHOICES,M
"""
WOO = f'''ID,Type,SKU,Name,Published,"Is featured?","Visibility in catalog","Short description",Description,"Date sale price starts","Date sale price ends","Tax status","In stock?",Stock,"Backorders allowed?","Sale price","Regular price",Categories,Tags,Images,Parent,"Attribute 1 name","Attribute 1 value(s)","Attribute 1 visible","Attribute 2 name","Attribute 2 value(s)"
10,variable,HOOD,Fleece hoodie,1,0,visible,,Warm,,,taxable,1,,0,,,"Clothing, Clothing > Hoodies",,"{A}, {B}",,Color,"Blue, Red",1,Size,"S, M"
11,variation,HOOD-B,Fleece hoodie - Blue,1,0,visible,,,,,taxable,1,3,0,35,45,,,{C},HOOD,Color,Blue,,Size,S
12,variation,HOOD-R,Fleece hoodie - Red,1,0,visible,,,,,taxable,0,0,1,,45,,,,id:10,Color,Red,,Size,M
13,simple,CAP,Twill cap,1,0,visible,,,,,taxable,backorder,,,,18,Accessories > Hats,,{A},,,,,,
14,simple,OLD,Old belt,-1,0,visible,,,,,taxable,1,,,,18,Belts,,{A},,,,,,
15,simple,HID,Hidden belt,1,0,hidden,,,,,taxable,1,,,,18,Belts,,{A},,,,,,
16,"simple, virtual",GIFT,Gift card,1,0,visible,,,,,taxable,1,,,,50,Gift cards,,{A},,,,,,
'''
MAGENTO = f'''sku,store_view_code,attribute_set_code,product_type,categories,product_websites,name,description,product_online,visibility,price,special_price,special_price_from_date,special_price_to_date,base_image,additional_images,additional_attributes,qty,is_in_stock,configurable_variations
MJ-S,,Top,simple,"Default Category/Men,Default Category/Men/Jackets",base,Field jacket-S,,1,Not Visible Individually,99.0000,79.0000,1/1/20,,{A},,"color=Green,size=S,gender=Men",10.0000,1,
MJ-M,,Top,simple,"Default Category/Men/Jackets",base,Field jacket-M,,1,Not Visible Individually,99.0000,,,,{A},,"color=Green,size=M,gender=Men",0.0000,0,
MJ,,Top,configurable,"Default Category/Men/Jackets",base,Field jacket,<p>Dry</p>,1,"Catalog, Search",,,,,{A},"{A},{B}",,,1,"sku=MJ-S,size=S,color=Green|sku=MJ-M,size=M,color=Green"
MJ,de,Top,configurable,,,Feldjacke,,,,,,,,,,,,,
OFF,,Top,simple,Default Category/Men/Jackets,base,Gone jacket,,2,"Catalog, Search",50,,,,{A},,,1,1,
'''
PRESTA = f"""Product ID;Active (0/1);Name *;Categories (x,y,z...);Price tax included;Tax rules ID;On sale (0/1);Discount amount;Discount percent;Reference #;Brand;Quantity;Description;Image URLs (x,y,z...);Available for order (0 = No, 1 = Yes)
1;1;Cotton shirt;Clothes,Men;29.90;1;0;;10;demo_1;Studio;12;<p>Crisp</p>;{A},{B};1
2;1;Silk scarf;Accessories;19.00;1;0;4.00;;demo_2;Studio;0;;{A};1
3;0;Old shirt;Clothes;29.90;1;0;;;demo_3;Studio;3;;{A};1
"""
BIG = f"""Item,ID,Name,Type,SKU,Options,Inventory Tracking,Current Stock,Price,Retail Price,Sale Price,Brand ID,Categories,Description,Image URL (Import),Internal Image URL (Export),Variant Image URL,Is Visible
Product,77,Canvas tote,physical,TOTE,,variant,0,40,0,0,,"Shop All;Bags",<p>Big</p>,,,,TRUE
Variant,5,,,TOTE-R,Type=Rectangles|Name=Color|Value=Red,,4,40,,35,,,,,,{B},
Variant,6,,,TOTE-B,Type=Rectangles|Name=Color|Value=Black,,0,40,,,,,,,,,
Image,9,,,,,,,,,,,,,,{A},,
Product,78,Hidden tote,physical,TOTE2,,none,0,40,,,,Bags,,,{A},,FALSE
"""
BIG_OLD = f"""Item Type,Product ID,Product Name,Product Type,Product Code/SKU,Brand Name,Product Description,Price,Retail Price,Sale Price,Allow Purchases?,Product Visible?,Track Inventory,Current Stock Level,Category,Product Image File - 1,Product Image File - 2
Product,1,Suede loafer,P,LOAF,Norda,Soft,120.00,150.00,0.00,Y,Y,none,0,Shoes/Loafers,{A},{B}
Product,2,Denim skirt,P,SK,Norda,,50.00,0.00,0.00,Y,Y,by option,0,Skirts,{A},
  SKU,,[S]Size=36,,SK-36,,,50.00,,,,,,3,,,
  SKU,,[S]Size=38,,SK-38,,,50.00,,,,,,0,,,
"""
AWIN = f"""aw_deep_link,product_name,aw_product_id,merchant_product_id,merchant_image_url,description,merchant_category,search_price,merchant_name,category_name,aw_image_url,currency,delivery_cost,display_price,brand_name,in_stock,stock_quantity,rrp_price,colour,Fashion:suitable_for,Fashion:size
https://go.example/1,Pleated midi skirt,901,M-1,{A},Flowing,Women > Skirts,45.00,Shop,Clothing,{B},GBP,3.95,GBP45.00,Ada,1,7,60.00,Navy,Female,12
"""
CJ = f"""PROGRAM_NAME,CATALOG_NAME,LAST_UPDATED,ID,TITLE,DESCRIPTION,LINK,IMAGE_LINK,AVAILABILITY,PRICE,SALE_PRICE,GOOGLE_PRODUCT_CATEGORY_NAME,GENDER,COLOR,SIZE
Shop,All,2026-01-01,c1,Merino cardigan,Fine,https://go.example/c1,{A},in stock,89.00 USD,69.00 USD,Apparel & Accessories > Clothing > Shirts & Tops,female,Grey,M
"""
CJ_OLD = f"""PROGRAMNAME,PROGRAMURL,LASTUPDATED,NAME,KEYWORDS,DESCRIPTION,SKU,MANUFACTURER,CURRENCY,SALEPRICE,PRICE,RETAILPRICE,BUYURL,IMAGEURL,ADVERTISERCATEGORY,INSTOCK
Shop,https://shop.example,01/02/2026,Leather belt,belt,Full grain,B-9,Norda,USD,20.00,29.00,29.00,https://go.example/b9,{A},Accessories,yes
"""
MYNTRA = f"""p_id,name,price,colour,brand,img,ratingCount,avg_rating,description,p_attributes
m1,Ada Women Black Solid Kurta,1499,Black,Ada,{A},10,4.1,Straight,
"""
STYLES = """id,gender,masterCategory,subCategory,articleType,baseColour,season,year,usage,productDisplayName
15970,Men,Apparel,Topwear,Shirts,Navy Blue,Fall,2011,Casual,Norda Men Check, Navy Shirt
59263,Women,Accessories,Watches,Watches,Silver,Winter,2016,Casual,Ada Women Silver Watch
"""
HM = """article_id,product_code,prod_name,product_type_name,product_group_name,graphical_appearance_name,colour_group_name,index_group_name,garment_group_name,detail_desc
0108775015,0108775,Strap top,Vest top,Garment Upper body,Solid,Black,Ladieswear,Jersey Basic,Jersey top with narrow straps.
"""
GERMAN = f"""Artikelnummer;Bezeichnung;Kurzbeschreibung;Preis;Sonderpreis;Währung;Verfügbarkeit;Farbe;Größe;Geschlecht;Marke;Kategorie;Bild-URL
D-1;Sommerkleid mit Blumen;Luftig;59,90;49,90;EUR;auf Lager;Dunkelblau;38;Damen;Ada;Kleider;{A}
D-2;Strickjacke;;1.299,00;;EUR;nicht vorrätig;Grau;L;Herren;Ada;Strickjacken;{B}
"""
FRENCH = f"""Référence;Nom du produit;Description;Prix TTC;Prix barré;Devise;Disponibilité;Couleur;Taille;Sexe;Marque;Catégorie;URL image
F-1;Robe longue à fleurs;Légère;59,90;79,90;EUR;en stock;Rouge;38;Femme;Ada;Robes;{A}
"""
SPANISH = f"""Referencia,Nombre,Descripción,Precio,Precio oferta,Moneda,Disponibilidad,Color,Talla,Género,Marca,Categoría,Imagen
S-1,Camisa de lino,Fresca,"39,90","29,90",EUR,disponible,Blanco,M,Hombre,Ada,Camisas,{A}
"""
ITALIAN = f"""Codice,Nome,Descrizione,Prezzo,Prezzo scontato,Valuta,Disponibilità,Colore,Taglia,Sesso,Marca,Categoria,Immagine
I-1,Gonna a pieghe,Leggera,"49,00",,EUR,esaurito,Nero,42,Donna,Ada,Gonne,{A}
"""
YML = f"""<?xml version="1.0" encoding="UTF-8"?><!DOCTYPE yml_catalog SYSTEM "shops.dtd">
<yml_catalog date="2026-01-01"><shop><name>Shop</name><currencies><currency id="RUR" rate="1"/></currencies>
<categories><category id="1">Women</category><category id="2" parentId="1">Dresses</category></categories>
<offers><offer id="y1" available="true" group_id="g1"><url>https://shop.example/y1</url><price>4990</price><oldprice>5990</oldprice>
<currencyId>RUR</currencyId><categoryId>2</categoryId><picture>{A}</picture><picture>{B}</picture><name>Шёлковое платье</name>
<vendor>Ада</vendor><param name="Цвет">Красный</param><param name="Размер">42</param><param name="Пол">Женский</param></offer>
<offer id="y2" available="false"><price>100</price><currencyId>RUR</currencyId><categoryId>2</categoryId><picture>{A}</picture>
<name>Платье</name></offer></offers></shop></yml_catalog>"""
SKROUTZ = f"""<?xml version="1.0" encoding="UTF-8"?><mywebstore><created_at>2026-01-01 10:00</created_at><products><product>
<id>k1</id><name><![CDATA[Leather ankle boots & more]]></name><link>https://shop.example/k1</link><image>{A}</image>
<additionalimage>{B}</additionalimage><category><![CDATA[Shoes > Boots]]></category><price_with_vat>99.90</price_with_vat>
<instock>Y</instock><availability>In stock</availability><manufacturer>Norda</manufacturer><size>38,39</size><color>Black</color>
</product></products></mywebstore>"""
HEUREKA = f"""<?xml version="1.0" encoding="utf-8"?><SHOP><SHOPITEM><ITEM_ID>h1</ITEM_ID><PRODUCTNAME>Wool coat</PRODUCTNAME>
<DESCRIPTION>Warm</DESCRIPTION><URL>https://shop.example/h1</URL><IMGURL>{A}</IMGURL><IMGURL_ALTERNATIVE>{B}</IMGURL_ALTERNATIVE>
<PRICE_VAT>2990</PRICE_VAT><CATEGORYTEXT>Fashion | Coats</CATEGORYTEXT><MANUFACTURER>Norda</MANUFACTURER>
<PARAM><PARAM_NAME>Barva</PARAM_NAME><VAL>Red</VAL></PARAM><ITEMGROUP_ID>hg</ITEMGROUP_ID></SHOPITEM></SHOP>"""
PLAIN_XML = f"""<catalog><products><product sku="x1"><title>Denim jacket &amp;amp; belt</title><price currency="EUR">70.00</price>
<images><image>{A}</image><image>{B}</image></images><brand/><gender>Damen</gender>
<variants><variant><sku>x1-S</sku><size>S</size><stock>2</stock></variant><variant><sku>x1-M</sku><size>M</size><stock>0</stock></variant></variants>
</product></products></catalog>"""
SQUARE = f"""Product ID [Non Editable],Variant ID [Non Editable],Product Type [Non Editable],Product Page,Product URL,Title,Description,SKU,Option Name 1,Option Value 1,Price,Sale Price,On Sale,Stock,Categories,Tags,Visible,Hosted Image URLs
p1,v1,PHYSICAL,shop,wrap-skirt,Wrap skirt,<p>Flowing</p>,WS-S,Size,S,49.00,39.00,Yes,3,/skirts,,Yes,{A} {B}
,v2,,,,,,WS-M,Size,M,49.00,0.00,No,0,,,,
p2,v3,PHYSICAL,shop,old,Old skirt,,OS,,,49.00,0.00,No,Unlimited,/skirts,,No,{A}
"""
FLIPKART = f"""uniq_id,product_url,product_name,product_category_tree,pid,retail_price,discounted_price,image,description,brand
u1,https://shop.example/u1,Ada Women's Cycling Shorts,"[""Clothing >> Women's Clothing >> Shorts""]",P1,999,379,"[""{A}"", ""{B}""]",Soft,Ada
"""
EBAY = f"""*Action,CustomLabel,*Title,*Category,*StartPrice,*Quantity,PicURL,*C:Brand,Currency
Add,E-1,Leather ankle boots,Shoes,89.00,2,{A}|{B},Norda,USD
"""
CAMEL = json.dumps([{"productId": "c1", "productName": "Silk blouse", "mainImage": A, "additionalImages": [B], "listPrice": 90.0,
                     "salePrice": 70, "currencyCode": "EUR", "stockQuantity": 3, "isActive": True, "itemGroupId": "cg"}])  # fmt: skip
ADIDAS = f"""url,name,sku,selling_price,original_price,currency,availability,color,category,breadcrumbs,description,brand,images
https://shop.example/a1,Beach Shorts,FJ1,40,50,USD,InStock,Black,Clothing,Women/Clothing,Splash,Norda,{A}~{B}
"""
ASOS = f"""url,name,size,category,price,color,sku,description,images
https://shop.example/1,Ada trench coat in camel,"UK 4,UK 6",Ada trench coat in camel,49.99,Camel,A77,Fine,"['{A}', '{B}']"
"""
IDEALO = f"""Artikelnummer im Shop;EAN;Hersteller;Produktname;Preis;Lieferzeit;Produktgruppe im Shop;Produkt-URL;Bild-URL_1;Bild-URL_2;Farbe;Größe
I1;4000;Norda;Damen Strickpullover;39,95;1-3 Tage;"Damen > Pullover";https://shop.example/i1;{A};{B};rot;M
"""
SHOPWARE = f"""ordernumber;mainnumber;name;supplier;tax;price_EK;pseudoprice_EK;active;instock;description_long;imageUrl;categories
SW1.1;SW1;Lederstiefel;Norda;19;119,95;149,95;1;12;<p>Fein</p>;{A};Damen|Schuhe
"""
AMAZON = f"""TemplateType=fptcustom\tVersion=2021\tThe top 3 rows are for the marketplace only.\t\t\t\t\t\t\t\t
Seller SKU\tProduct Name\tBrand\tStandard Price\tQuantity\tMain Image URL\tOther Image URL1\tParentage\tParent SKU\tColor\tSize
item_sku\titem_name\tbrand_name\tstandard_price\tquantity\tmain_image_url\tother_image_url1\tparent_child\tparent_sku\tcolor_name\tsize_name
AM-1\tNorda Women's Wool Coat\tNorda\t129.00\t3\t{A}\t{B}\tchild\tAM\tNavy\tM
"""
WOO_DE = f"""ID,Typ,Artikelnummer,Name,Veröffentlicht,"Sichtbarkeit im Katalog",Kurzbeschreibung,Beschreibung,"Vorrätig?",Lager,Angebotspreis,"Regulärer Preis",Kategorien,Bilder,"Übergeordnetes Produkt","Attribut 1 Name","Attribut 1 Wert(e)"
1,variable,WD,Wollmantel,1,visible,,Warm,1,,,,"Damen > Mäntel",{A},,Größe,"S, M"
2,variation,WD-S,Wollmantel - S,1,visible,,,1,3,99,129,,,WD,Größe,S
3,simple,HID,Alter Hut,0,visible,,,1,,,29,Hüte,{A},,,
"""
MAGENTO_1 = f"""sku,_store,_attribute_set,_type,_category,_product_websites,color,description,image,name,price,special_price,status,visibility,qty,is_in_stock,gender
M1,,Default,simple,Clothing/Shirts,base,White,Crisp,{A},Oxford shirt,49.0000,39.0000,1,4,5.0000,1,Male
"""
CENEO = f"""<?xml version="1.0" encoding="utf-8"?><offers version="1"><group name="other">
<o id="c1" url="https://shop.example/c1" price="99.90" avail="1"><cat><![CDATA[Moda/Dresses]]></cat><name><![CDATA[Red dress]]></name>
<imgs><main url="{A}"/><i url="{B}"/></imgs><attrs><a name="Producent"><![CDATA[Norda]]></a><a name="Kolor">red</a></attrs></o></group></offers>"""
SHOPIFY_BARE = f"""Handle,Title,Body (HTML),Vendor,Type,Option1 Name,Option1 Value,Variant SKU,Variant Inventory Qty,Variant Inventory Policy,Variant Price,Image Src
dress,Silk dress,<p>x</p>,Mara,Dress,Size,S,D-S,3,deny,120.00,{A}
dress,,,,,,M,D-M,0,deny,120.00,
dress,,,,,,L,D-L,0,continue,120.00,
"""
FARFETCH = json.dumps({"product_id": "f1", "name": "Logo hoodie", "gender": "men", "images": [{"order": 1, "url": A}], "stock_total": 3,
                       "price": {"initial": "200", "final": "150", "currencyCode": "EUR"}, "categories": ["Clothing > Hoodies"]})  # fmt: skip
SHOPIFY_JSON: dict[str, Any] = {
    "products": [
        {
            "id": 1, "title": "Boxy tee", "handle": "boxy-tee", "body_html": "<p>Soft</p>", "vendor": "Mara",
            "product_type": "T-Shirts", "tags": ["women", "new"],
            "options": [{"name": "Size", "position": 1, "values": ["S", "M"]}],
            "variants": [
                {"id": 11, "title": "S", "option1": "S", "sku": "BT-S", "price": "20.00", "compare_at_price": "25.00",
                 "available": True, "featured_image": None},
                {"id": 12, "title": "M", "option1": "M", "sku": "", "price": "20.00", "compare_at_price": None,
                 "available": False, "featured_image": {"src": C}},
            ],
            "images": [{"id": 1, "src": A, "position": 1}, {"id": 2, "src": B, "position": 2}],
        }
    ]
}  # fmt: skip
WOO_REST: list[dict[str, Any]] = [
    {
        "id": 5, "name": "Linen shirt", "permalink": "https://shop.example/5", "type": "simple", "status": "publish",
        "catalog_visibility": "visible", "description": "<p>Cool</p>", "sku": "LS", "price": "29", "regular_price": "39",
        "sale_price": "29", "stock_status": "instock", "categories": [{"id": 1, "name": "Shirts"}],
        "images": [{"id": 9, "src": A}], "attributes": [{"name": "Color", "options": ["White", "Blue"]}],
    },
    {"id": 6, "name": "Draft shirt", "permalink": "x", "status": "draft", "sku": "DR", "images": [{"src": A}],
     "regular_price": "1", "stock_status": "instock"},
]  # fmt: skip
WOO_STORE: list[dict[str, Any]] = [
    {
        "id": 7, "name": "Suede boots", "permalink": "https://shop.example/7", "sku": "SB", "is_in_stock": True,
        "prices": {"price": "8900", "regular_price": "9900", "sale_price": "8900", "currency_code": "EUR", "currency_minor_unit": 2},
        "images": [{"id": 1, "src": A}], "categories": [{"name": "Boots"}],
    }
]  # fmt: skip
NESTED: dict[str, Any] = {
    "total": 1,
    "items": [
        {
            "id": "n1", "title": "Cotton trousers", "color": ["blue", "white"], "images": [A, {"url": B}],
            "price": {"amount": "49.90", "currency": "EUR"}, "brand": {"id": 3, "name": "Ada"}, "available": True,
            "variants": [{"sku": "n1-36", "size": "36", "stock": 2}, {"sku": "n1-38", "size": "38", "stock": 0}],
        }
    ],
}  # fmt: skip

Expected = Mapping[str, Mapping[str, Any]]
TEXTS: Final[dict[str, tuple[str, str, Expected, int]]] = {
    "wix": (WIX, "wix", {
        "LD-S": {"title": "Linen dress", "price": "80.00", "sale_price": "60.00", "sizes": ("S",), "colour": "white",
                 "availability": "in_stock", "group": "p_1", "category": "dress", "brand": "Mara", "pictures": 2,
                 "description": "Soft & cool", "image": "https://static.wixstatic.com/media/a1_b2~mv2.jpg"},
        "LD-M": {"price": "85.00", "sale_price": "63.75", "availability": "out_of_stock", "sizes": ("M",)},
        "HAT": {"category": "hat", "price": "30.00", "sale_price": None, "group": ""},
    }, 1),
    "wix, new": (WIX_NEW, "wix", {
        "T-S": {"price": "25", "sale_price": "20.00", "pictures": 2, "sizes": ("S",), "group": "tee"},
        "T-M": {"availability": "out_of_stock"},
    }, 0),
    "woocommerce": (WOO, "woocommerce", {
        "HOOD-B": {"title": "Fleece hoodie", "group": "HOOD", "price": "45", "sale_price": "35", "colour": "blue",
                   "sizes": ("S",), "image": C, "pictures": 3, "category": "top", "description": "Warm"},
        "HOOD-R": {"colour": "red", "availability": "backorder", "sale_price": None, "pictures": 2},
        "CAP": {"availability": "backorder", "category": "hat"},
    }, 4),
    "magento": (MAGENTO, "magento", {
        "MJ-S": {"title": "Field jacket", "group": "MJ", "price": "99.00", "sale_price": "79.00", "colour": "green",
                 "audience": "men", "sizes": ("S",), "category": "jacket", "description": "Dry"},
        "MJ-M": {"availability": "out_of_stock", "sale_price": None, "pictures": 2},
    }, 3),
    "prestashop": (PRESTA, "prestashop", {
        "1": {"title": "Cotton shirt", "price": "29.90", "sale_price": "26.91", "category": "shirt", "pictures": 2},
        "2": {"price": "19.00", "sale_price": "15.00", "availability": "out_of_stock"},
    }, 1),
    "bigcommerce": (BIG, "bigcommerce", {
        "TOTE-R": {"title": "Canvas tote", "colour": "red", "price": "40", "sale_price": "35", "image": B,
                   "group": "TOTE", "category": "bag", "availability": "in_stock"},
        "TOTE-B": {"colour": "black", "image": A, "availability": "out_of_stock"},
    }, 1),
    "bigcommerce, old": (BIG_OLD, "bigcommerce", {
        "LOAF": {"price": "150.00", "sale_price": "120.00", "category": "shoe", "pictures": 2},
        "SK-36": {"sizes": ("36",), "group": "SK", "availability": "in_stock"},
        "SK-38": {"availability": "out_of_stock"},
    }, 0),
    "awin": (AWIN, "csv", {
        "M-1": {"price": "60.00", "sale_price": "45.00", "currency": "GBP", "colour": "navy", "audience": "women",
                "sizes": ("12",), "category": "skirt", "pictures": 1, "brand": "Ada"},
    }, 0),
    "cj": (CJ, "meta", {"c1": {"price": "89.00", "sale_price": "69.00", "colour": "grey", "category": "cardigan"}}, 0),
    "cj, old": (CJ_OLD, "csv", {"B-9": {"price": "29.00", "sale_price": "20.00", "category": "belt"}}, 0),
    "myntra": (MYNTRA, "csv", {"m1": {"colour": "black", "category": "top", "price": "1499"}}, 0),
    "squarespace": (SQUARE, "squarespace", {
        "WS-S": {"title": "Wrap skirt", "price": "49.00", "sale_price": "39.00", "sizes": ("S",), "group": "p1",
                 "category": "skirt", "pictures": 2},
        "WS-M": {"title": "Wrap skirt", "sale_price": None, "availability": "out_of_stock", "group": "p1", "pictures": 2},
    }, 1),
    "flipkart": (FLIPKART, "csv", {
        "P1": {"price": "999", "sale_price": "379", "category": "shorts", "pictures": 2, "brand": "Ada"},
    }, 0),
    "ebay": (EBAY, "csv", {"E-1": {"price": "89.00", "currency": "USD", "category": "shoe", "pictures": 2}}, 0),
    "humps": (CAMEL, "json", {
        "c1": {"price": "90", "sale_price": "70", "currency": "EUR", "group": "cg", "pictures": 2, "category": "shirt"},
    }, 0),
    "adidas": (ADIDAS, "csv", {"FJ1": {"price": "50", "sale_price": "40", "colour": "black", "pictures": 2}}, 0),
    "asos": (ASOS, "csv", {"A77": {"pictures": 2, "sizes": ("UK 4", "UK 6"), "colour": "camel", "category": "coat"}}, 0),
    "idealo": (IDEALO, "csv", {"I1": {"price": "39.95", "colour": "red", "pictures": 2, "category": "sweater"}}, 0),
    "shopware": (SHOPWARE, "csv", {
        "SW1.1": {"price": "149.95", "sale_price": "119.95", "group": "SW1", "brand": "Norda", "category": "shoe"},
    }, 0),
    "amazon": (AMAZON, "csv", {
        "AM-1": {"price": "129.00", "group": "AM", "colour": "navy", "sizes": ("M",), "pictures": 2, "category": "coat"},
    }, 0),
    "woocommerce, german": (WOO_DE, "woocommerce", {
        "WD-S": {"title": "Wollmantel", "price": "129", "sale_price": "99", "sizes": ("S",), "group": "WD", "category": "coat"},
    }, 2),
    "magento 1": (MAGENTO_1, "magento", {
        "M1": {"price": "49.00", "sale_price": "39.00", "audience": "men", "colour": "white", "category": "shirt"},
    }, 0),
    "ceneo": (CENEO, "xml", {"c1": {"price": "99.90", "brand": "Norda", "colour": "red", "pictures": 2, "category": "dress"}}, 0),
    "shopify without a tracker": (SHOPIFY_BARE, "shopify", {
        "D-S": {"availability": "in_stock"}, "D-M": {"availability": "out_of_stock"}, "D-L": {"availability": "backorder"},
    }, 0),
    "farfetch": (FARFETCH, "jsonl", {
        "f1": {"price": "200", "sale_price": "150", "currency": "EUR", "audience": "men", "category": "top"},
    }, 0),
    "german": (GERMAN, "csv", {
        "D-1": {"price": "59.90", "sale_price": "49.90", "colour": "navy", "audience": "women", "category": "dress"},
        "D-2": {"price": "1299.00", "availability": "out_of_stock", "category": "cardigan", "audience": "men"},
    }, 0),
    "french": (FRENCH, "csv", {
        "F-1": {"price": "79.90", "sale_price": "59.90", "colour": "red", "audience": "women", "category": "dress"},
    }, 0),
    "spanish": (SPANISH, "csv", {
        "S-1": {"price": "39.90", "sale_price": "29.90", "colour": "white", "audience": "men", "category": "shirt"},
    }, 0),
    "italian": (ITALIAN, "csv", {
        "I-1": {"price": "49.00", "availability": "out_of_stock", "colour": "black", "category": "skirt"},
    }, 0),
    "yandex": (YML, "xml", {
        "y1": {"price": "5990", "sale_price": "4990", "currency": "RUB", "group": "g1", "colour": "red", "sizes": ("42",),
               "audience": "women", "category": "dress", "pictures": 2, "brand": "Ада"},
        "y2": {"availability": "out_of_stock"},
    }, 0),
    "skroutz": (SKROUTZ, "xml", {
        "k1": {"title": "Leather ankle boots & more", "price": "99.90", "sizes": ("38", "39"), "colour": "black",
               "availability": "in_stock", "pictures": 2, "category": "shoe"},
    }, 0),
    "heureka": (HEUREKA, "xml", {
        "h1": {"price": "2990", "group": "hg", "colour": "red", "pictures": 2, "category": "coat"},
    }, 0),
    "plain xml": (PLAIN_XML, "xml", {
        "x1-S": {"title": "Denim jacket & belt", "price": "70.00", "currency": "EUR", "group": "x1", "sizes": ("S",),
                 "audience": "women", "availability": "in_stock", "pictures": 2},
        "x1-M": {"availability": "out_of_stock"},
    }, 0),
    "shopify json": (json.dumps(SHOPIFY_JSON), "shopify", {
        "BT-S": {"price": "25.00", "sale_price": "20.00", "sizes": ("S",), "image": A, "group": "boxy-tee",
                 "availability": "in_stock", "category": "top"},
        "boxy-tee-m": {"availability": "out_of_stock", "image": C},
    }, 0),
    "shopify json, a list": (json.dumps(SHOPIFY_JSON["products"], indent=1), "shopify", {"BT-S": {}, "boxy-tee-m": {}}, 0),
    "woocommerce rest": (json.dumps(WOO_REST), "woocommerce", {
        "LS": {"price": "39", "sale_price": "29", "colour": "white", "second_colour": "blue", "category": "shirt"},
    }, 1),
    "woocommerce store": (json.dumps(WOO_STORE), "woocommerce", {
        "SB": {"price": "99.00", "sale_price": "89.00", "currency": "EUR", "category": "shoe"},
    }, 0),
    "nested json": (json.dumps(NESTED, indent=2), "json", {
        "n1-36": {"title": "Cotton trousers", "group": "n1", "price": "49.90", "currency": "EUR", "brand": "Ada",
                  "colour": "blue", "second_colour": "white", "sizes": ("36",), "pictures": 2, "availability": "in_stock"},
        "n1-38": {"availability": "in_stock"},
    }, 0),
}  # fmt: skip
"""A name -> the file, its format, what its items say by sku, and how many records are passed over."""


def check(path: Path, format_: str, expected: Expected, passed_over: int) -> None:
    feed = open_feed(path, FeedOptions(currency="EUR"))
    assert feed.format == format_
    rows = list(feed.rows())
    refused = [row for row in rows if isinstance(row, Reject)]
    assert [row for row in refused if not row.passed_over] == []
    assert len(refused) == passed_over, refused
    good = [row for row in rows if isinstance(row, FeedRow)]
    assert [row.item.sku for row in good] == list(expected)
    assert [row.warnings for row in good] == [()] * len(good)
    for row in good:
        said = expected[row.item.sku]
        assert {name: value_of(row, name) for name in said} == {
            name: Decimal(value) if name.endswith("price") and value else value
            for name, value in said.items()
        }, row.item.sku


def value_of(row: FeedRow, name: str) -> Any:
    if name == "pictures":
        return len(row.pictures)
    if isinstance(row.item, Unplaced):
        return row.item.fields.get(name)
    return getattr(row.item, name)


@pytest.mark.parametrize(
    ("name", "records", "format_"),
    [
        ("nested json", NESTED["items"], "jsonl"),
        ("shopify json", SHOPIFY_JSON["products"], "shopify"),
        ("woocommerce rest", WOO_REST, "woocommerce"),
    ],
)
def test_lines_of_json_are_read_as_their_document(
    tmp_path: Path, name: str, records: list[object], format_: str
) -> None:
    _, _, expected, passed_over = TEXTS[name]
    path = tmp_path / "feed"
    path.write_text("".join(f"{json.dumps(each)}\n" for each in records), encoding="utf-8")
    check(path, format_, expected, passed_over)


@pytest.mark.parametrize("name", TEXTS)
def test_an_export_is_known_and_read(tmp_path: Path, name: str) -> None:
    text, format_, expected, passed_over = TEXTS[name]
    path = tmp_path / "feed"
    path.write_text(text, encoding="utf-8")
    check(path, format_, expected, passed_over)


@pytest.mark.parametrize("name", ["german", "woocommerce", "yandex", "nested json"])
@pytest.mark.parametrize("packing", ["gzip", "zip", "gzip in zip"])
def test_an_archive_is_read_as_what_is_in_it(tmp_path: Path, name: str, packing: str) -> None:
    text, format_, expected, passed_over = TEXTS[name]
    suffix = {"xml": "xml", "json": "json"}.get(format_, "csv")
    path = tmp_path / "feed"
    if packing == "gzip":
        path.write_bytes(gzip.compress(text.encode()))
    else:
        with zipfile.ZipFile(path, "w") as packed:
            packed.writestr("__MACOSX/._feed.csv", b"")
            if packing == "zip":
                packed.writestr(f"feed.{suffix}", text)
            else:
                packed.writestr(f"feed.{suffix}.gz", gzip.compress(text.encode()))
    check(path, format_, expected, passed_over)


def test_a_bomb_of_gzip_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "feed.csv.gz"
    with gzip.open(path, "wb") as file:
        for _ in range(120):
            file.write(b"a,b\n" * (1 << 18))
    with pytest.raises(Exception, match="cannot be used"):
        open_feed(path)


@pytest.mark.parametrize("name", ["german", "woocommerce", "magento", "awin"])
def test_a_workbook_is_read_as_its_table(tmp_path: Path, name: str) -> None:
    import csv
    import io

    text, _, expected, passed_over = TEXTS[name]
    book = openpyxl.Workbook()
    assert book.active is not None
    book.active.append(["Notes", "for the reader"])
    sheet = book.create_sheet("Products")
    for row in csv.reader(io.StringIO(text), delimiter=";" if ";" in text.splitlines()[0] else ","):
        sheet.append(row)
    book.save(tmp_path / "feed.xlsx")
    check(tmp_path / "feed.xlsx", "xlsx", expected, passed_over)


def test_a_workbooks_numbers_are_what_a_person_sees(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    assert book.active is not None
    book.active.append(["SKU", "Title", "Image", "Price", "Stock", "Size"])
    book.active.append([100200, "Dress", A, 49.9, 5, 38.0])
    book.active.append(["0012", "Dress", A, 49, 0, "38,5"])
    book.save(tmp_path / "feed.xlsx")
    rows = list(open_feed(tmp_path / "feed.xlsx", FeedOptions(currency="EUR")).rows())
    items = [row.item for row in rows if isinstance(row, FeedRow)]
    assert [item.sku for item in items] == ["100200", "0012"]
    first, second = items
    assert isinstance(first, CatalogItem) and isinstance(second, CatalogItem)
    assert (first.price, first.sizes, first.availability) == (
        Decimal("49.9"),
        ("38",),
        Availability.IN_STOCK,
    )
    assert (second.price, second.sizes, second.availability) == (
        Decimal(49),
        ("38,5",),
        Availability.OUT_OF_STOCK,
    )


@pytest.mark.parametrize(
    ("text", "names"),
    [
        (STYLES, {"15970": "images/15970.jpg", "59263": "images/59263.jpg"}),
        (HM, {"0108775015": "images/010/0108775015.jpg"}),
    ],
)
def test_pictures_that_are_named_by_the_id(
    tmp_path: Path, text: str, names: dict[str, str]
) -> None:
    for name in names.values():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(b"picture")
    (tmp_path / "feed.csv").write_text(text)
    rows = list(open_feed(tmp_path / "feed.csv").rows())
    good = [row for row in rows if isinstance(row, FeedRow)]
    assert len(good) == len(rows)
    assert {row.item.sku: row.pictures[0] for row in good} == {
        sku: LocalPicture(tmp_path / name) for sku, name in names.items()
    }
    item = good[0].item
    assert isinstance(item, CatalogItem)
    if text is STYLES:
        assert (item.title, item.colour, item.audience, item.category) == (
            "Norda Men Check, Navy Shirt", "navy", "men", "shirt"
        )  # fmt: skip
    else:
        assert (item.group, item.colour, item.audience, item.category) == (
            "0108775",
            "black",
            "women",
            "top",
        )


def test_every_address_of_an_export_names_its_host(tmp_path: Path) -> None:
    path = tmp_path / "feed.csv"
    path.write_text(AWIN)
    (row,) = open_feed(path).rows()
    assert isinstance(row, FeedRow)
    assert row.pictures == (Elsewhere(A, "cdn.shop.example"),)
